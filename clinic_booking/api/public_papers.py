"""Receipt and invoice for whoever has a booking's token: called as clinic_booking.api.public.<name> (PY-6)."""

from typing import Annotated, Literal

from pydantic import AfterValidator

from clinic_booking.api.door import Raw, public
from clinic_booking.billing import papers
from clinic_booking.billing.pdf import CONTENT_TYPE, made_of
from clinic_booking.booking import invoice_address, status
from clinic_booking.booking.invoice_address import Company
from clinic_booking.booking.transaction import run
from clinic_booking.inputs import Name, Reason, Token, line
from clinic_booking.inputs.model import MESSAGES, refused

Document = Literal["receipt", "invoice"]


def _filled(text: str) -> str:
	if not text:
		raise refused(MESSAGES["missing"])
	return text


Address = Annotated[Reason, AfterValidator(_filled)]


@public("GET", limit="receipt")
def receipt(token: Token, document: Document = "receipt") -> Raw:
	"""A PDF: what was paid for the visit, or its invoice with all credit notes (30/h).

	`ERR_NOT_FOUND` for a wrong token, `ERR_VALIDATION` where nothing is paid, or invoiced, yet.
	"""
	made = papers.made(document, status.find_booked(token))
	return Raw(made_of(made), CONTENT_TYPE, f"{document}.pdf")


@public("POST", limit="book")
def invoice_to(token: Token, company: Name, address: Address, tax_id: line(50) | None = None) -> dict:
	"""`{}`: the invoice is made out to a company instead of the patient, also if it is made already."""
	found = status.find(token)
	run(
		invoice_address.address_to,
		found.doctype,
		Company(company, tax_id, address),
		on=lambda: status.find(token),
	)
	return {}
