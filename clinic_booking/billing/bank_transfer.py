"""Bank transfer: a way to pay without a provider (PY-3). The clinic's staff say when the money has come."""

from clinic_booking.booking.ways_to_pay import Way

METHOD = "bank_transfer"
# Banks may take a working day, and the clinic has to see it.
LEAST_MINUTES = 24 * 60
WAIT_MINUTES = 48 * 60
DETAILS = ("bank_account_holder", "bank_account_number")


def is_set_up(clinic) -> bool:
	"""Whether the clinic (row or document) has given the account to pay on."""
	return all((clinic.get(field) or "").strip() for field in DETAILS)


def way() -> Way:
	return Way(METHOD, _takes, LEAST_MINUTES, until_notice=True, wait_minutes=WAIT_MINUTES)


def instructions(clinic, reference: str) -> dict:
	"""`{account_holder, account, bic, reference, text}`: what a patient needs to pay; `reference` names the booking."""
	return {
		"account_holder": clinic.bank_account_holder,
		"account": clinic.bank_account_number,
		"bic": clinic.bank_bic or "",
		"reference": reference,
		"text": clinic.bank_text or "",
	}


def _takes(amount, currency) -> bool:
	return True
