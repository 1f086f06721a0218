"""Receipt and invoice over HTTP: by a booking's token and at the desk (PY-6)."""

from io import BytesIO

import frappe
import pytest
from pypdf import PdfReader

from clinic_booking.billing import payments, tasks
from tests.builders import a_doctor, a_service
from tests.scenes import a_scene
from tests.site.api.conftest import PATIENT, error_of, limits_off, set_settings
from tests.site.api.staff import error_of_staff

COMPANY = {"company": "Acme S.R.L.", "tax_id": "RO123456", "address": "Strada Lungă 1\nBrașov"}


@pytest.fixture
def paid(practice, api):
	"""The token of a booking that was invoiced and paid at the desk."""
	service = a_service(frappe.get_doc("Clinic", practice.clinic), price=35)
	practice.doctor = a_doctor(service, clinics=[frappe.get_doc("Clinic", practice.clinic)]).name
	practice.service = service.name
	frappe.db.commit()
	token = api.booked(practice, api.slots(practice)[0]["start"])
	frappe.db.rollback()
	tasks.every_minute()
	visit = frappe.get_last_doc("Clinic Appointment")
	payments.take(visit, "Cash", None, "Administrator")
	frappe.db.commit()
	return token


def text_of(answer) -> str:
	assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.text
	return " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


def test_whoever_has_the_link_has_the_papers(api, paid):
	"""PY-6, BK-7: receipt and invoice, by the token in the query or in the header; in the reader's language."""
	assert "Receipt" in text_of(api.get("receipt", token=paid))
	told = text_of(api.get("receipt", document="invoice", headers={"X-Booking-Token": paid}))
	assert PATIENT["name"] in told and "Invoice" in told
	romanian = api.get("receipt", token=paid, headers={"Accept-Language": "ro"})
	assert "Chitanță" in text_of(romanian)


def test_strangers_and_what_is_not_there(api, practice, paid):
	"""IN-14, PY-6: a wrong token finds nothing; what costs nothing has neither."""
	error_of(api.get("receipt", token="x" * 43), 404, "ERR_NOT_FOUND")
	error_of(api.get("receipt", token=paid, document="other"), 422, "ERR_VALIDATION")
	error_of(api.post("invoice_to", token="x" * 43, **COMPANY), 404, "ERR_NOT_FOUND")


def test_nothing_is_paid_or_invoiced_yet(api, practice):
	"""PY-6: a free visit has no papers."""
	token = api.booked(practice, api.slots(practice)[0]["start"])
	for document in ("receipt", "invoice"):
		error_of(api.get("receipt", token=token, document=document), 422, "ERR_VALIDATION")


def test_an_invoice_to_a_company(api, paid):
	"""PY-6: asked for after it was made, it is printed so; what is missing or too long is refused (SE-3)."""
	for wrong in ({"company": " "}, {"address": ""}, {"tax_id": "1" * 51}, {"address": "x" * 501}):
		assert list(
			error_of(api.post("invoice_to", token=paid, **COMPANY | wrong), 422, "ERR_VALIDATION")["fields"]
		)
	assert api.post("invoice_to", token=paid, **COMPANY).json() == {"message": {}}
	told = text_of(api.get("receipt", token=paid, document="invoice"))
	assert all(part in told for part in ("Acme S.R.L.", "RO123456", "Brașov", PATIENT["name"]))


def test_it_comes_along_from_a_hold(api, practice):
	"""PY-6: said while the time is held, it is the appointment's once booked."""
	token = api.hold(practice, api.slots(practice)[0]["start"]).json()["message"]["token"]
	assert api.post("invoice_to", token=token, **COMPANY).status_code == 200
	assert api.post("book", token=token, patient=PATIENT, consent=True).status_code == 200
	frappe.db.rollback()
	visit = frappe.get_last_doc("Clinic Appointment")
	assert (visit.invoice_company, visit.invoice_tax_id) == ("Acme S.R.L.", "RO123456")


def test_thirty_an_hour(api, paid):
	"""SE-2: a PDF costs; its limit is one of its own."""
	set_settings(limit_receipt=2)
	for _time in range(2):
		text_of(api.get("receipt", token=paid))
	error_of(api.get("receipt", token=paid), 429, "ERR_RATE_LIMITED")
	limits_off()


def test_at_the_desk(staff, practice, paid):
	"""PY-6, SE-1: reception of the clinic; not the doctor, not another clinic's manager."""
	visit = frappe.get_last_doc("Clinic Appointment").name
	desk = staff("Receptionist", practice.clinic).of("desk")
	answer = desk.get("paper", appointment=visit, document="invoice")
	assert answer.data.startswith(b"%PDF") and "inline" in answer.headers["Content-Disposition"]
	stranger = staff("Manager", a_scene().clinic).of("desk")
	error_of_staff(stranger.get("paper", appointment=visit), "ERR_NOT_FOUND")
	doctor = staff("Doctor", doctor=practice.doctor).of("desk")
	assert doctor.get("paper", appointment=visit).status_code == 403
