"""Receipt and invoice as PDF, and the company that an invoice is made out to (PY-6)."""

from decimal import Decimal
from io import BytesIO

import frappe
import pytest
from frappe.utils.print_format import download_pdf
from pypdf import PdfReader

from clinic_booking.billing import online_payments, papers, payments, pdf, received, to_do
from clinic_booking.billing.gateways.interface import PAID, Standing
from clinic_booking.booking import invoice_address, lifecycle
from clinic_booking.booking.invoice_address import Company
from clinic_booking.errors import Validation
from tests.builders import a_patient, insert
from tests.site.billing.gateway import paid_online, takes
from tests.site.billing.practice import a_practice, invoices, work_off
from tests.site.booking.site_scene import do

EVIL = "<script>alert(1)</script><img src='http://evil.example/x.png'>{{ 7*7 }} Pop"


@pytest.fixture
def practice(site):
	return a_practice("35.00")


@pytest.fixture
def visit(practice):
	made = practice.visit()
	work_off()
	return made.reload()


def text_of(html: str) -> str:
	"""What the PDF says, in one line."""
	return text_in(pdf.made_of(html))


def text_in(content: bytes) -> str:
	assert content.startswith(b"%PDF")
	return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def pay(visit, amount=None):
	payments.take(visit, "Cash", amount, "Administrator")
	frappe.db.commit()


def test_an_invoice_says_who_what_when_and_how_much(practice, visit):
	"""PY-6, PY-1: clinic and company, patient, service, doctor, number, due date, total and what is open."""
	(invoice,) = invoices(visit)
	told = text_of(papers.invoice(visit))
	for part in (
		"Invoice",
		invoice.name,
		practice.clinic.title,
		practice.clinic.company,
		visit.contact_name or visit.patient_name,
		practice.service.title,
		practice.doctor.doctor_name,
		visit.reference,
		"Still to be paid",
		"€35.00",
	):
		assert part in told, (part, told)


def test_what_is_not_there_yet_is_said(practice):
	"""PY-6: no invoice, nothing paid."""
	visit = practice.visit()
	for document in ("invoice", "receipt"):
		with pytest.raises(Validation):
			papers.made(document, visit)


def test_a_receipt_claims_only_what_counts(visit):
	"""PY-6, MO-19: what came a second time and goes back is no payment of it."""
	pay(visit)
	paid_online(visit, problem="Paid Twice")
	assert [(row.label, row.amount) for row in received.of(visit)] == [("Cash", 35)]


def test_a_receipt_says_what_an_entry_was(practice, visit):
	"""PY-6, MO-12, MO-18: credit, what the payer's bank took back, and what an accountant wrote off."""
	takes(practice, "stripe")
	payment = paid_online(visit, None)
	work_off_anew(visit)
	frappe.db.commit()
	standing = Standing(PAID, Decimal(35), "EUR", "pi_1", disputed=Decimal(35))
	online_payments.apply(payment.name, standing)
	work_off()
	assert labels(visit) == {"Stripe": 35, "Taken back by the payer's bank": -35}
	write_off(visit, 35)
	assert labels(visit) == {"Stripe": 35, "Taken back by the payer's bank": -35, "Adjustment": 35}


def work_off_anew(visit) -> None:
	to_do.leave(visit.name, "on_paid")
	work_off()


def labels(visit) -> dict:
	return {row.label: row.amount for row in received.of(visit)}


def write_off(visit, amount) -> None:
	(invoice,) = invoices(visit)
	company = frappe.get_doc("Company", invoice.company)
	owed = {"account": invoice.debit_to, "party_type": "Customer", "party": invoice.customer}
	against = {"reference_type": "Sales Invoice", "reference_name": invoice.name}
	lost = {"account": company.default_expense_account, "cost_center": company.cost_center}
	frappe.get_doc(
		doctype="Journal Entry",
		company=company.name,
		posting_date=frappe.utils.today(),
		accounts=[
			owed | against | {"credit_in_account_currency": amount},
			lost | {"debit_in_account_currency": amount},
		],
	).insert().submit()


def test_a_receipt_adds_up_every_payment(visit):
	"""PY-6, PY-5: in parts, by mode, with what went back."""
	pay(visit, 10)
	pay(visit)
	told = text_of(papers.receipt(visit))
	assert told.count("Cash") == 2
	assert "€10.00" in told and "€25.00" in told and told.rstrip(" /1").endswith("€35.00")
	assert "Still to be paid" not in text_of(papers.invoice(visit))


def test_a_credit_note_has_a_page_of_its_own(visit):
	"""PY-8, PY-6: the invoice first, then what took it back."""
	lifecycle.cancel(visit.name, visit.doctor, "Ill")
	work_off()
	content = pdf.made_of(papers.invoice(visit.reload()))
	first, second = (page.extract_text() for page in PdfReader(BytesIO(content)).pages)
	assert "Credit note" in second and "-€35.00" in second and "Credit note" not in first


@pytest.mark.parametrize(
	("language", "words"),
	[("ro", "Factură"), ("es", "Factura"), ("fr", "Facture"), ("en", "Invoice")],
)
def test_in_the_readers_language(visit, language, words):
	"""UI-1, PY-6: words, dates and money."""
	frappe.local.lang = language
	assert words in text_of(papers.invoice(visit))


def test_what_people_typed_is_text(practice):
	"""IN-4, IN-6, IN-1: markup, braces and addresses are printed as typed; nothing is fetched; any script has glyphs."""
	names = (EVIL, "محمد الأمين", "Ștefan Țiriac-Šimůnek", "דוד כהן")
	for name in names:
		visit = practice.visit(patient=a_patient(patient_name=name).name)
		company = Company(name, EVIL[:50], f"{name}\n{EVIL}")
		do(invoice_address.address_to, visit.name, visit.doctor, visit.doctype, company)
		work_off()
		html = papers.invoice(visit.reload())
		assert "<script" not in html and "<img" not in html
		told = text_of(html)
		assert "\ufffd" not in told
	assert "7*7" in told


def test_nothing_is_fetched():
	"""IN-4: a page that names an address makes no request; WeasyPrint is refused every one."""
	asked = []
	html = "<p>Bill</p><img src='http://127.0.0.1:9/x.png'><link rel=stylesheet href='file:///etc/passwd'>"
	original = pdf._refuse
	try:
		pdf._refuse = lambda url, *more, **named: asked.append(url) or original(url)
		assert "Bill" in text_in(pdf.made_of(html))
	finally:
		pdf._refuse = original
	assert sorted(asked) == ["file:///etc/passwd", "http://127.0.0.1:9/x.png"]


def test_an_invoice_to_a_company(visit):
	"""PY-6: company, number and address instead of the patient, also after the invoice was made; the ledger stays."""
	(before,) = invoices(visit)
	company = Company("Acme S.R.L.", "RO123456", "Strada Lungă 1\nBrașov")
	do(invoice_address.address_to, visit.name, visit.doctor, visit.doctype, company)
	told = text_of(papers.invoice(visit.reload()))
	for part in ("Acme S.R.L.", "RO123456", "Strada Lungă 1", "Brașov", visit.patient_name):
		assert part in told
	(after,) = invoices(visit)
	assert (after.modified, after.customer) == (before.modified, before.customer)
	assert not frappe.db.exists("Customer", {"customer_name": ("like", "%Acme%")})


def a_user(*roles):
	user = insert(
		"User",
		email=f"{frappe.generate_hash(length=8)}@books.example",
		first_name="Books",
		send_welcome_email=0,
	)
	user.add_roles(*roles)
	return user.name


def test_the_accountant_prints_without_names(visit):
	"""PY-6, PY-1, SE-1: our print format by Frappe's own road and WeasyPrint; no name for who may see no patient."""
	(invoice,) = invoices(visit)
	for user, is_seen in ((a_user("Accounts User"), False), ("Administrator", True)):
		frappe.set_user(user)
		frappe.local.form_dict = frappe._dict()
		download_pdf("Sales Invoice", invoice.name, "Clinic Invoice")
		told = text_in(frappe.local.response.filecontent)
		assert invoice.name in told and "€35.00" in told
		assert (visit.patient_name in told) is is_seen
		assert (invoice.customer in told) is not is_seen
