"""What a form, REST or an import may not write: what was agreed, and what has happened."""

from datetime import timedelta

import frappe
import pytest

from clinic_booking.booking.appointments import KEPT
from clinic_booking.booking.clock import now, to_database
from tests.builders import a_clinic, a_doctor, a_patient, a_service, insert

OTHER = {
	"reference": "AAAA",
	"source": "Import",
	"old_id": "1",
	"policy": "{}",
	"moves": 2,
	"seat": 2,
	"rating": 5,
	"expires_at_utc": "2020-01-01 00:00:00",
	"approved_at_utc": "2020-01-01 00:00:00",
	"cancelled_by": "Patient",
	"refund": 35,
	"refund_as": "money",
	"request": None,
}


@pytest.fixture
def visit(site):
	clinic = a_clinic()
	service = a_service(clinic)
	doctor = a_doctor(service, clinics=[clinic])
	start = now().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=3)
	made = insert(
		"Clinic Appointment",
		status="Confirmed",
		patient=a_patient().name,
		contact_name="Maria",
		contact_email="maria@example.com",
		contact_phone="+34611222333",
		doctor=doctor.name,
		service=service.name,
		clinic=clinic.name,
		starts_at_utc=to_database(start),
	)
	return frappe.get_doc("Clinic Appointment", made.name)


def test_what_use_cases_write_nobody_else_does(visit):
	"""BK-9, PO-5: REST may send what a form shows read-only; it stays as it was."""
	before = {field: visit.get(field) for field in KEPT}
	assert set(OTHER) == set(KEPT)
	visit.update(OTHER)
	visit.save()
	visit.reload()
	assert {field: visit.get(field) for field in KEPT} == before


def test_cancelled_by_a_form_is_cancelled_by_the_clinic(visit):
	"""PO-2, PO-3: with a reason, and not in the patient's name."""
	visit.update({"status": "Cancelled", "cancelled_by": "Patient"})
	with pytest.raises(frappe.ValidationError):
		visit.save()
	visit.reload()
	visit.update({"status": "Cancelled", "cancelled_by": "Patient", "cancel_reason": "Ill"})
	visit.save()
	assert visit.cancelled_by == "Clinic"


def test_no_live_visit_is_moved_into_the_past(visit):
	"""AV-9: neither by the form, where nothing else would stop it."""
	visit.starts_at_utc = to_database(now() - timedelta(days=1))
	with pytest.raises(frappe.ValidationError):
		visit.save()


def test_another_patient_comes_with_their_own_contact(visit):
	"""BK-4: messages and the link go to who comes."""
	other = a_patient()
	visit.patient = other.name
	visit.save()
	assert (visit.contact_name, visit.contact_email, visit.contact_phone) == (
		other.patient_name,
		other.email,
		other.phone,
	)


def test_a_contact_typed_along_stays(visit):
	"""BK-4: a parent's phone for a child."""
	visit.update({"patient": a_patient().name, "contact_phone": "+34699999999"})
	visit.save()
	assert visit.contact_phone == "+34699999999"
