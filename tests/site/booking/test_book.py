"""From a hold to an appointment: who it is for, what is kept, who may read it."""

from dataclasses import replace

import frappe
import pytest

from clinic_booking.booking import notes, tokens
from clinic_booking.booking.changes import history
from clinic_booking.errors import HoldExpired, TimeWindow, Validation
from tests.builders import a_patient, insert
from tests.scenes import a_scene, on_day
from tests.site.booking.site_scene import MARIA, book, booked, claimed, hold, in_utc, minutes, now, request_of


class TestAppointment:
	def test_is_what_was_held(self, site):
		"""BK-5: confirmed at once where nothing is due now, with the time, price and policy of the hold."""
		scene = a_scene(price=35, rooms=1, buffer_after_minutes=10)
		token = hold(scene, service=scene.room_visit)["token"]
		answer = book(token, payment_method="at_clinic")
		appointment = frappe.get_doc("Clinic Appointment", answer["appointment"])
		request = request_of(token)
		assert answer["status"] == request.status == appointment.status == "Confirmed"
		for field in (
			"reference",
			"seed",
			"doctor",
			"service",
			"clinic",
			"room",
			"starts_at_utc",
			"ends_at_utc",
		):
			assert appointment.get(field) == request.get(field)
		assert (appointment.price, appointment.currency, appointment.payment_status) == (35, "EUR", "Unpaid")
		assert appointment.payment == request.payment == "at_clinic"
		assert appointment.buffer_after_minutes == 10
		assert appointment.policy == request.policy
		assert appointment.token_hash == tokens.hash_of(token)
		assert answer["manage_url"].endswith(f"/booking/{token}")

	def test_has_the_claims_of_its_hold(self, site):
		"""BK-3: the same time, for good, no longer the hold's."""
		scene = a_scene(rooms=1)
		token = hold(scene, service=scene.room_visit)["token"]
		held = claimed(request_of(token).name)
		answer = book(token)
		assert claimed(answer["appointment"]) == held and len(held) == 2
		assert claimed(request_of(token).name) == ()
		kinds = frappe.get_all("Booked Slot", fields=["kind", "expires_at"], distinct=True)
		assert kinds == [{"kind": "Appointment", "expires_at": None}]

	def test_reads_in_the_site_zone(self, site):
		"""TI-13: the site's wall clock and UTC say the same instant."""
		appointment = booked(a_scene(), on_day(2, 12))
		assert appointment.starts_at == on_day(2, 12).replace(tzinfo=None)
		assert appointment.starts_at_utc == in_utc(on_day(2, 12))

	def test_keeps_its_history(self, site):
		"""BK-9: made by a patient, from nothing; no word of theirs in it."""
		(change,) = history(booked(a_scene()).name)
		assert (change.what, change.user, change.role) == ("Created", "Administrator", "System Manager")
		assert (
			MARIA.name not in str(change)
			and MARIA.email not in str(change)
			and MARIA.phone not in str(change)
		)

	def test_free_of_charge(self, site):
		"""BK-6: nothing to pay, nothing required."""
		assert booked(a_scene()).payment_status == "Not Required"

	def test_again_is_the_same(self, site):
		"""RA-4: a token already booked gets the same answer, whatever comes with it."""
		token = hold(a_scene())["token"]
		assert book(token) == book(token, replace(MARIA, name="Somebody Else"))
		assert frappe.db.count("Clinic Appointment") == frappe.db.count("Patient Consent") == 1

	@pytest.mark.parametrize("minutes_later, error", [(10.1, HoldExpired), (60 * 24 * 3, HoldExpired)])
	def test_too_late(self, site, minutes_later, error):
		"""RA-7: a lapsed hold is not booked."""
		token = hold(a_scene())["token"]
		with pytest.raises(error):
			book(token, now=now() + minutes(minutes_later))
		assert frappe.db.count("Clinic Appointment") == 0

	def test_after_its_start(self, site):
		"""TI-7: a visit that has begun is not booked, though its hold is alive."""
		scene = a_scene()
		token = hold(scene, on_day(2, 12))["token"]
		frappe.db.set_value(
			"Booking Request", request_of(token).name, "expires_at_utc", in_utc(on_day(3, 12))
		)
		with pytest.raises(TimeWindow):
			book(token, now=on_day(2, 12))

	def test_way_to_pay_that_is_not_offered(self, site):
		"""IN-10: nothing is booked."""
		token = hold(a_scene(price=35))["token"]
		for method in ("stripe", "credit", "cheque"):
			with pytest.raises(Validation):
				book(token, payment_method=method)
		assert frappe.db.count("Clinic Appointment") == 0


class TestWhatChangesMeanwhile:
	@pytest.mark.parametrize("change", [{"enabled": 0}, {"online": 0}, {"services": []}])
	def test_doctor_or_service_gone(self, site, change):
		"""RA-11: switched off, offline, or the service removed since the hold: refused, the hold stays."""
		scene = a_scene()
		token = hold(scene)["token"]
		frappe.get_doc("Doctor", scene.doctors[0]).update(change).save()
		with pytest.raises(Validation):
			book(token)
		frappe.db.rollback()
		assert request_of(token).status == "Held"

	def test_service_switched_off(self, site):
		"""RA-11: a service no longer offered to patients."""
		scene = a_scene()
		token = hold(scene)["token"]
		frappe.get_doc("Clinic Service", scene.visit).update({"online": 0}).save()
		with pytest.raises(Validation):
			book(token)

	def test_price_changed(self, site):
		"""RA-11: the price that was shown is the price; the next hold has the new one."""
		scene = a_scene(price=35)
		first = hold(scene)
		service = frappe.get_doc("Clinic Service", scene.visit)
		service.prices[0].price = 50
		service.save()
		answer = book(first["token"])
		assert frappe.db.get_value("Clinic Appointment", answer["appointment"], "price") == 35
		assert hold(scene, on_day(2, 15))["price"]["amount"] == "50.00"

	def test_length_changed(self, site):
		"""RA-11: the length that was held is the length."""
		scene = a_scene()
		token = hold(scene)["token"]
		frappe.get_doc("Clinic Service", scene.visit).update({"duration_minutes": 60}).save()
		appointment = frappe.get_doc("Clinic Appointment", book(token)["appointment"])
		assert appointment.ends_at_utc - appointment.starts_at_utc == minutes(30)

	def test_policy_changed(self, site):
		"""MO-17: the policy at booking time counts."""
		scene = a_scene()
		token = hold(scene)["token"]
		frappe.get_doc("Clinic Booking Settings").update({"max_moves": 0}).save()
		answer = book(token)
		assert '"max_moves": 2' in frappe.db.get_value("Clinic Appointment", answer["appointment"], "policy")


class TestPatient:
	"""Who a booking is for. A known patient's record is never changed by what somebody typed."""

	@pytest.fixture
	def known(self, site):
		return a_patient(patient_name="María Ionescu", email="old@example.com", phone=MARIA.phone)

	@pytest.mark.parametrize("name", ["María Ionescu", "maria  IONESCU", "Maria Ionescu "])
	def test_known_by_phone_and_name(self, known, name):
		"""BK-4: accents, case and spaces don't tell people apart."""
		assert booked(a_scene(), contact=replace(MARIA, name=name)).patient == known.name

	def test_known_by_email_and_name(self, known):
		"""BK-4: the same mail and name."""
		contact = replace(MARIA, email="old@example.com", phone="+34655999999")
		assert booked(a_scene(), contact=contact).patient == known.name

	def test_nothing_of_theirs_changes(self, known):
		"""BK-4: what was typed stays on the appointment."""
		before = frappe.get_doc("Clinic Patient", known.name).as_dict()
		appointment = booked(a_scene(), contact=replace(MARIA, email="new@example.com"))
		assert frappe.get_doc("Clinic Patient", known.name).as_dict() == before
		assert (appointment.contact_email, appointment.contact_phone) == ("new@example.com", MARIA.phone)

	def test_same_phone_other_name(self, known):
		"""BK-4: families share a phone: a new patient, flagged as a possible duplicate."""
		appointment = booked(a_scene(), contact=replace(MARIA, name="Ion Ionescu"))
		child = frappe.get_doc("Clinic Patient", appointment.patient)
		assert child.name != known.name and child.possible_duplicate_of == known.name

	def test_same_email_other_name(self, known):
		"""BK-4: families share a mail too; flagged only where the phone is known."""
		contact = replace(MARIA, name="Ion Ionescu", email="old@example.com", phone="+34655999999")
		child = frappe.get_doc("Clinic Patient", booked(a_scene(), contact=contact).patient)
		assert child.name != known.name and not child.possible_duplicate_of

	def test_new(self, site):
		"""BK-4: created with what was typed."""
		scene = a_scene()
		patient = frappe.get_doc(
			"Clinic Patient", booked(scene, contact=replace(MARIA, language="es")).patient
		)
		found = (
			patient.patient_name,
			patient.email,
			patient.phone,
			patient.language,
			patient.clinic,
			patient.user,
		)
		assert found == (MARIA.name, MARIA.email, MARIA.phone, "es", scene.clinic, None)

	def test_archived_or_twice_there(self, known):
		"""BK-4: where two fit, always the same one."""
		a_patient(patient_name="Maria Ionescu", phone=MARIA.phone)
		first, second = (booked(a_scene()).patient for _ in range(2))
		assert first == second


class TestConsent:
	def test_which_text_and_when(self, site):
		"""UI-1: the version and text agreed to, and the time."""
		frappe.get_doc("Clinic Booking Settings").update({"consent_text": "I agree to be treated."}).save()
		settings = frappe.get_doc("Clinic Booking Settings")
		token = hold(a_scene())["token"]
		moment = now()
		appointment = book(token, now=moment)["appointment"]
		consent = frappe.get_doc("Patient Consent", {"appointment": appointment})
		assert (consent.kind, consent.text, consent.text_version) == (
			"Booking",
			settings.consent_text,
			settings.consent_version,
		)
		assert consent.given_at == request_of(token).consent_at_utc == in_utc(moment)
		assert request_of(token).consent_version == settings.consent_version


class TestNote:
	WORDS = "Bitte zuerst anrufen 🙏"

	@pytest.fixture
	def scene(self, site):
		return a_scene()

	@pytest.fixture
	def appointment(self, scene):
		answer = book(hold(scene)["token"], note=self.WORDS)
		return frappe.get_doc("Clinic Appointment", answer["appointment"])

	def test_is_encrypted(self, appointment):
		"""PT-5: not a word of it in any row."""
		for doctype in ("Clinic Appointment", "Booking Request", "Appointment Change", "Version", "Comment"):
			assert self.WORDS not in str(frappe.db.sql(f"SELECT * FROM `tab{doctype}`", as_dict=True))
		assert appointment.note_encrypted

	def test_is_read_by_the_doctor_and_the_managers_of_the_clinic(self, scene, appointment):
		"""PT-5: by nobody else, receptionists and administrators included."""
		doctor, manager, receptionist, other = (
			a_user(role) for role in ("Doctor", "Manager", "Receptionist", "Doctor")
		)
		frappe.get_doc("Doctor", scene.doctors[0]).update({"user": doctor}).save()
		clinic = frappe.get_doc("Clinic", scene.clinic)
		clinic.append("staff", {"user": manager, "role": "Manager"})
		clinic.append("staff", {"user": receptionist, "role": "Receptionist"})
		clinic.save()
		elsewhere = frappe.get_doc("Clinic", a_scene().clinic)
		other_manager = a_user("Manager")
		elsewhere.append("staff", {"user": other_manager, "role": "Manager"})
		elsewhere.save()
		for reader in (doctor, manager):
			assert notes.for_reader(appointment, reader) == self.WORDS
		for reader in (receptionist, other, other_manager, "Administrator", "Guest"):
			assert notes.for_reader(appointment, reader) is None

	def test_is_shown_on_the_form_to_them_only(self, scene, appointment):
		"""PT-5: the form brings it along for the doctor, and nothing for the administrator."""
		doctor = a_user("Doctor")
		frappe.get_doc("Doctor", scene.doctors[0]).update({"user": doctor}).save()
		for user, shown in ((doctor, self.WORDS), ("Administrator", None)):
			frappe.set_user(user)
			document = frappe.get_doc("Clinic Appointment", appointment.name)
			document.run_method("onload")
			assert document.get("__onload").get("note") == shown
		frappe.set_user("Administrator")

	def test_none_given(self, site):
		"""PT-5: no note, nothing stored."""
		assert booked(a_scene()).note_encrypted is None


def a_user(role):
	user = insert(
		"User",
		email=f"{frappe.generate_hash(length=8)}@example.com",
		first_name=role,
		send_welcome_email=0,
		roles=[{"role": f"Clinic {role}"}],
	)
	return user.name
