"""From requested to over, moves, cancellations and the desk's own bookings, in-process, with a clock of the test's."""

import json
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import frappe
import pytest

from clinic_booking.booking import (
	book,
	claims,
	desk,
	expire,
	hold,
	lifecycle,
	requests,
	reschedule,
	status,
	verify,
	walk_ins,
)
from clinic_booking.booking.changes import history
from clinic_booking.booking.patients import Contact
from clinic_booking.booking.transaction import DoctorChanged
from clinic_booking.errors import Forbidden, HoldExpired, MaxReschedules, SlotConflict, TimeWindow, Validation
from tests.builders import a_clinic, a_doctor, a_patient, a_room, a_service, insert

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clinic(site):
	return a_clinic()


@pytest.fixture
def service(clinic):
	return a_service(clinic, price=35)


@pytest.fixture
def doctor(clinic, service):
	return a_doctor(service, clinics=[clinic])


def noon(days=2):
	"""12 o'clock in Madrid so many days ahead; 11 or 10 in UTC."""
	day = datetime.now(timezone.utc) + timedelta(days=days)
	return day.replace(hour=11, minute=0, second=0, microsecond=0)


def booked(doctor, service, start=None, name="Ana Pop"):
	"""An appointment booked as patients do; returns it."""
	held = hold.hold(hold.Asked(doctor.name, service.name, start or noon()), hold.Holder("b", "a"))
	request = requests.find(held["token"])
	contact = Contact(name, "ana@example.com", "+34611223344")
	answer = book.book(request.name, doctor.name, book.Details(contact, None, None))
	return frappe.get_doc("Clinic Appointment", answer["appointment"])


def starts_of(appointment):
	return {(claim.starts_at, claim.seat) for claim in claims.held(appointment.name)}


class TestReschedule:
	def test_takes_its_claim_along(self, doctor, service):
		"""PO-1: a moved visit has its new time and no longer the old one; price and history stay."""
		appointment = booked(doctor, service)
		moved = reschedule.reschedule(appointment.name, doctor.name, noon(3))
		assert (moved.starts_at_utc, moved.moves, moved.price) == (noon(3).replace(tzinfo=None), 1, 35)
		assert starts_of(moved) == {(noon(3).replace(tzinfo=None), 1)}
		assert [change.what for change in history(moved.name)] == ["Moved", "Created"]

	@pytest.mark.parametrize(("early", "allowed"), [(timedelta(0), True), (timedelta(microseconds=1), False)])
	def test_until_the_very_deadline(self, doctor, service, early, allowed):
		"""PO-1: 60 minutes before the start it can be moved, a moment later not."""
		appointment = booked(doctor, service)
		now = noon() - HOUR + early
		if allowed:
			assert reschedule.reschedule(appointment.name, doctor.name, noon(3), now=now).moves == 1
		else:
			with pytest.raises(TimeWindow):
				reschedule.reschedule(appointment.name, doctor.name, noon(3), now=now)

	def test_twice_and_no_more(self, doctor, service):
		"""PO-1: at most twice; moving it to where it is does not count."""
		appointment = booked(doctor, service)
		for start in (noon(3), noon(3), noon(4)):
			appointment = reschedule.reschedule(appointment.name, doctor.name, start)
		assert appointment.moves == 2
		with pytest.raises(MaxReschedules):
			reschedule.reschedule(appointment.name, doctor.name, noon(5))

	def test_of_a_cancelled_one_is_no_move(self, doctor, service):
		"""PO-1: not even to where it was; late, where it is stays where it is."""
		appointment = booked(doctor, service)
		late = noon() - MINUTE
		assert reschedule.reschedule(appointment.name, doctor.name, noon(), now=late).moves == 0
		lifecycle.cancel_by_patient(appointment.name, doctor.name)
		with pytest.raises(Validation):
			reschedule.reschedule(appointment.name, doctor.name, noon())

	def test_policy_at_booking_time_counts(self, doctor, service):
		"""PO-5: a policy changed later changes nothing for what is booked."""
		appointment = booked(doctor, service)
		frappe.db.set_single_value("Clinic Booking Settings", "max_moves", 0)
		frappe.clear_document_cache("Clinic Booking Settings", "Clinic Booking Settings")
		assert reschedule.reschedule(appointment.name, doctor.name, noon(3)).moves == 1

	@pytest.fixture
	def once_a_month(self, site):
		settings = frappe.get_doc("Clinic Booking Settings")
		settings.update({"max_moves": 2, "max_moves_per_month": 1}).save()

	def test_limit_by_month_is_told(self, once_a_month, doctor, service):
		"""PO-1, PO-5: shown before the patient moves, and once it is reached there is nothing left to move."""
		first, other = booked(doctor, service), booked(doctor, service, noon(4))
		now = datetime.now(timezone.utc)
		before = status.shown(other, now)
		assert (before["terms"]["moves_left"], before["can"]["reschedule"]) == (1, True)
		assert "once a month at most" in before["terms"]["text"]
		frappe.set_user("Guest")
		moved = reschedule.reschedule(first.name, doctor.name, noon(3))
		for visit in (moved, other):
			after = status.shown(visit, now)
			assert (after["terms"]["moves_left"], after["can"]["reschedule"]) == (0, False)
		with pytest.raises(MaxReschedules):
			reschedule.reschedule(other.name, doctor.name, noon(5))

	def test_onto_a_taken_time_changes_nothing(self, doctor, service):
		"""BK-3: the loser keeps what it had."""
		appointment = booked(doctor, service)
		booked(doctor, service, noon(3), "Ion Pop")
		with pytest.raises(SlotConflict):
			reschedule.reschedule(appointment.name, doctor.name, noon(3))
		assert starts_of(appointment) == {(noon().replace(tzinfo=None), 1)}

	def test_finds_another_room(self, clinic):
		"""AV-15: at its new time it has a room that is free then."""
		room, other = a_room(clinic), a_room(clinic)
		service = a_service(clinic, room_kind="Consulting")
		one, two = a_doctor(service, clinics=[clinic]), a_doctor(service, clinics=[clinic])
		first, second = booked(one, service, noon(3)), booked(two, service, noon(2), "Ion Pop")
		assert {first.room, second.room} == {room.name}
		assert reschedule.reschedule(second.name, two.name, noon(3)).room == other.name


class TestCancel:
	def test_by_the_patient_gives_the_time_back(self, doctor, service):
		"""PO-2: its time is free at once, and the link still shows what became of it."""
		appointment = booked(doctor, service)
		cancelled = lifecycle.cancel_by_patient(appointment.name, doctor.name)
		assert cancelled.status == "Cancelled"
		assert claims.held(appointment.name) == set()
		assert not any(status.shown(cancelled, noon() - HOUR)["can"].values())

	def test_late_is_allowed_without_refund_by_default(self, doctor, service):
		"""PO-2: later than 60 minutes before the start the patient can still cancel."""
		appointment = booked(doctor, service)
		late = noon() - MINUTE
		assert lifecycle.cancel_by_patient(appointment.name, doctor.name, now=late).status == "Cancelled"

	def test_late_is_refused_where_the_policy_says_so(self, doctor, service):
		"""PO-2: the setting refuses it then."""
		appointment = booked(doctor, service)
		policy = json.loads(appointment.policy) | {"late_cancel": "refuse"}
		appointment.db_set("policy", json.dumps(policy))
		with pytest.raises(TimeWindow):
			lifecycle.cancel_by_patient(appointment.name, doctor.name, now=noon() - MINUTE)

	def test_after_the_start_nobody_cancels(self, doctor, service):
		"""PO-2: after the start it is Completed or No Show."""
		appointment = booked(doctor, service)
		for cancel in (lifecycle.cancel_by_patient, lifecycle.cancel):
			with pytest.raises(TimeWindow):
				cancel(appointment.name, doctor.name, "ill", now=noon())

	def test_by_the_clinic_wants_a_reason(self, doctor, service):
		"""PO-2: doctor and staff say why."""
		appointment = booked(doctor, service)
		with pytest.raises(Validation):
			lifecycle.cancel(appointment.name, doctor.name, " ")
		assert lifecycle.cancel(appointment.name, doctor.name, "ill").cancelled_by == "Clinic"
		assert history(appointment.name)[0].why == "ill"


class TestApproval:
	@pytest.fixture
	def requested(self, doctor, service):
		doctor.approves_bookings = 1
		doctor.save()
		return booked(doctor, service)

	def test_a_requested_booking_has_its_time(self, doctor, service, requested):
		"""BK-5: it exists as Requested and claims its time."""
		assert requested.status == "Requested"
		with pytest.raises(SlotConflict):
			booked(doctor, service, name="Ion Pop")

	def test_approved_twice_is_approved_once(self, doctor, requested):
		"""RA-6: the second answer changes nothing."""
		for _time in range(2):
			answered = lifecycle.approve(requested.name, doctor.name)
		assert (answered.status, answered.expires_at_utc) == ("Confirmed", None)
		assert [change.what for change in history(requested.name)] == ["Confirmed", "Created"]

	def test_declined_is_what_was_asked_for(self, doctor, requested):
		"""BK-5, RA-6: twice is once; what is confirmed is cancelled, not declined."""
		for _time in range(2):
			assert lifecycle.decline(requested.name, doctor.name, "away").status == "Cancelled"
		certain = insert(
			"Clinic Appointment",
			patient=requested.patient,
			doctor=doctor.name,
			service=requested.service,
			clinic=requested.clinic,
			status="Confirmed",
			starts_at_utc=noon(3).replace(tzinfo=None),
		)
		with pytest.raises(Validation):
			lifecycle.decline(certain.name, doctor.name, "away")

	def test_not_after_the_time_to_answer(self, doctor, requested):
		"""BK-5: after 24 hours it is too late, whether or not a job has declined it."""
		with pytest.raises(TimeWindow):
			lifecycle.approve(requested.name, doctor.name, now=datetime.now(timezone.utc) + 25 * HOUR)

	def test_declined_gives_the_time_back(self, doctor, requested):
		"""BK-5: with a reason."""
		lifecycle.decline(requested.name, doctor.name, "away")
		assert claims.held(requested.name) == set()
		assert history(requested.name)[0].what == "Declined"


class TestVisit:
	def test_from_confirmed_to_completed_and_back(self, doctor, service):
		"""BK-6: checked in, completed, reopened with a reason, and claimed again."""
		appointment = booked(doctor, service)
		with pytest.raises(TimeWindow):
			lifecycle.check_in(appointment.name, doctor.name)
		early = noon() - 3 * HOUR
		lifecycle.check_in(appointment.name, doctor.name, now=early)
		with pytest.raises(TimeWindow):
			lifecycle.complete(appointment.name, doctor.name)
		assert lifecycle.complete(appointment.name, doctor.name, now=early).status == "Completed"
		assert claims.held(appointment.name) == set()
		with pytest.raises(Validation):
			lifecycle.reopen(appointment.name, doctor.name)
		assert lifecycle.reopen(appointment.name, doctor.name, "by mistake").status == "Confirmed"
		assert len(claims.held(appointment.name)) == 1

	def test_no_show_only_after_the_start(self, doctor, service):
		"""PO-2: nobody has stayed away before the hour."""
		appointment = booked(doctor, service)
		with pytest.raises(TimeWindow):
			lifecycle.no_show(appointment.name, doctor.name, now=noon() - MINUTE)
		assert lifecycle.no_show(appointment.name, doctor.name, now=noon()).status == "No Show"

	def test_a_form_keeps_to_the_same_rules(self, doctor, service):
		"""BK-6: a save by any road is refused what the table does not know."""
		appointment = booked(doctor, service)
		lifecycle.cancel(appointment.name, doctor.name, "ill")
		appointment.reload()
		appointment.status = "Confirmed"
		with pytest.raises(frappe.ValidationError):
			appointment.save()

	def test_reception_reopens_on_the_same_day_only(self, clinic, doctor, service):
		"""BK-6: later it is a manager's."""
		appointment = booked(doctor, service)
		lifecycle.no_show(appointment.name, doctor.name, now=noon())
		receptionist = insert(
			"User",
			email=f"reception.{frappe.generate_hash(length=6)}@example.com",
			first_name="Rita",
			send_welcome_email=0,
		)
		receptionist.add_roles("Clinic Receptionist")
		clinic.append("staff", {"user": receptionist.name, "role": "Receptionist"})
		clinic.save()
		frappe.set_user(receptionist.name)
		with pytest.raises(Forbidden):
			lifecycle.reopen(appointment.name, doctor.name, "came late", now=noon(3))
		assert lifecycle.reopen(appointment.name, doctor.name, "came late", now=noon()).status == "Confirmed"


class TestDesk:
	def test_overrides_hours_and_says_so(self, clinic, service):
		"""AV-9: hours, grid, notice, horizon and offline may be overridden; which ones, is kept."""
		doctor = a_doctor(service, clinics=[clinic], hours=("08:00", "09:00"), online=0)
		patient = a_patient()
		wanted = desk.Wanted(doctor.name, service.name, noon(), clinic.name)
		with pytest.raises(Validation):
			desk.book(patient.name, wanted)
		made = desk.book(patient.name, desk.Wanted(doctor.name, service.name, noon(), clinic.name, True))
		assert (made.status, made.source, made.price) == ("Confirmed", "Desk", 35)
		(kept,) = history(made.name)
		assert (kept.overridden, kept.why) == ("offline, closed, off_grid", None)

	def test_never_overrides_a_claim(self, doctor, service):
		"""AV-9: what is taken stays taken."""
		booked(doctor, service)
		with pytest.raises(SlotConflict):
			desk.book(a_patient().name, desk.Wanted(doctor.name, service.name, noon(), None, True))

	def test_moves_to_another_doctor_and_does_not_count(self, clinic, service, doctor):
		"""PO-1: staff moves don't count; doctor and claim go along."""
		other = a_doctor(service, clinics=[clinic])
		appointment = booked(doctor, service)
		wanted = desk.Wanted(other.name, service.name, noon(3))
		moved = desk.move(appointment.name, doctor.name, wanted, "asked by phone")
		assert (moved.doctor, moved.doctor_name, moved.moves) == (other.name, other.doctor_name, 0)
		assert {claim.resource for claim in claims.held(moved.name)} == {f"Doctor:{other.name}"}

	def test_walk_in_is_here(self, clinic, service, doctor):
		"""DY-1: booked from the next five minutes on, and checked in."""
		now = noon() + 3 * MINUTE
		made = walk_ins.walk_in(
			a_patient().name, desk.Wanted(doctor.name, service.name, now, clinic.name), now=now
		)
		assert (made.status, made.starts_at_utc) == ("Checked In", (noon() + 5 * MINUTE).replace(tzinfo=None))
		assert {change.overridden for change in history(made.name)} == {""}

	def test_walk_in_outside_hours_is_kept(self, clinic, service):
		"""AV-9, DY-1: a doctor who is offline and away is kept with it, that somebody came now is not."""
		doctor = a_doctor(service, clinics=[clinic], hours=("05:00", "06:00"), online=0)
		made = walk_ins.walk_in(
			a_patient().name, desk.Wanted(doctor.name, service.name, noon(), clinic.name), now=noon() + MINUTE
		)
		assert made.flags.overridden == ["offline", "closed"]
		assert history(made.name)[-1].overridden == "offline, closed"

	def test_a_refusal_names_every_rule(self, clinic, service):
		"""AV-9, AV-14: what speaks against a time is said all at once."""
		doctor = a_doctor(service, clinics=[clinic], hours=("08:00", "09:00"), online=0)
		with pytest.raises(TimeWindow) as refusal:
			desk.book(a_patient().name, desk.Wanted(doctor.name, service.name, noon(90), clinic.name))
		assert len(refusal.value.facts["rules"]) == 4

	def test_written_in_the_sites_zone(self, doctor, service):
		"""BK-10: times written in the site's zone become the truth in UTC; the claim follows."""
		wall = noon().astimezone(timezone(HOUR)).replace(tzinfo=None)
		made = insert(
			"Clinic Appointment",
			patient=a_patient().name,
			doctor=doctor.name,
			service=service.name,
			clinic=doctor.clinics[0].clinic,
			status="Confirmed",
			starts_at=wall,
		)
		assert made.ends_at_utc - made.starts_at_utc == 30 * MINUTE
		assert starts_of(made) == {(made.starts_at_utc, 1)}


class TestSqueezeIn:
	def squeezed(self, doctor, service, start, reason="in pain"):
		wanted = desk.Wanted(doctor.name, service.name, start, squeeze_in=True)
		return desk.book(a_patient().name, wanted, reason)

	def test_has_seat_two_and_what_is_free_of_seat_one(self, doctor, service):
		"""AV-9: a second patient at one time; nobody else gets any of it."""
		booked(doctor, service)
		second = self.squeezed(doctor, service, noon() + 15 * MINUTE)
		naive = noon().replace(tzinfo=None)
		assert starts_of(second) == {(naive + 15 * MINUTE, 2), (naive + 30 * MINUTE, 1)}
		with pytest.raises(SlotConflict):
			booked(doctor, service, noon() + 30 * MINUTE, "Ion Pop")

	def test_takes_what_is_given_back_under_it(self, doctor, service):
		"""AV-9: when the first one is cancelled its part is the second one's."""
		first = booked(doctor, service)
		second = self.squeezed(doctor, service, noon() + 15 * MINUTE)
		lifecycle.cancel(first.name, doctor.name, "ill")
		naive = noon().replace(tzinfo=None)
		assert (naive + 15 * MINUTE, 1) in starts_of(second)
		assert verify.report() == []

	@pytest.mark.parametrize("first_name", ["a", "z"])
	def test_gives_back_all_it_has(self, doctor, service, first_name):
		"""AV-9: cancelled it keeps nothing, in whatever order its claims are found."""
		booked(doctor, service)
		second = self.squeezed(doctor, service, noon() + 15 * MINUTE)
		frappe.db.sql(
			"UPDATE `tabBooked Slot` SET name = CONCAT(%s, name) WHERE reference = %s AND seat = 1",
			(first_name, second.name),
		)
		lifecycle.cancel(second.name, doctor.name, "ill")
		assert claims.held(second.name) == set()

	def test_leaves_the_first_one_editable(self, clinic):
		"""AV-9: what somebody is squeezed in over keeps its time through any edit."""
		rooms = [a_room(clinic).name for _ in range(3)]
		service = a_service(clinic, room_kind="Consulting")
		doctor = a_doctor(service, clinics=[clinic])
		first = booked(doctor, service)
		second = self.squeezed(doctor, service, noon() + 15 * MINUTE)
		(first.room,) = {*rooms} - {first.room, second.room}
		first.save()
		assert len(claims.held(first.name)) == 2
		assert verify.report() == []

	def test_wants_a_reason_and_no_third(self, doctor, service):
		"""AV-9: with a reason, and one only."""
		booked(doctor, service)
		with pytest.raises(Validation):
			self.squeezed(doctor, service, noon(), reason=None)
		self.squeezed(doctor, service, noon())
		with pytest.raises(SlotConflict):
			self.squeezed(doctor, service, noon())


class TestWhatChangedMeanwhile:
	def test_another_doctor_is_noticed(self, clinic, doctor, service):
		"""RA-5: a visit that went to another doctor before the locks is looked up again, not changed blindly."""
		other = a_doctor(service, clinics=[clinic])
		appointment = booked(doctor, service)
		desk.move(appointment.name, doctor.name, desk.Wanted(other.name, service.name, noon(3)))
		with pytest.raises(DoctorChanged):
			reschedule.reschedule(appointment.name, doctor.name, noon(4))
		with pytest.raises(DoctorChanged):
			lifecycle.cancel_by_patient(appointment.name, doctor.name)

	@pytest.mark.parametrize("act", ["book", "extend"])
	def test_a_hold_that_lost_its_room_is_lapsed(self, clinic, act):
		"""RA-7: whoever lost a part of what they held is told so, and books nothing."""
		a_room(clinic)
		service = a_service(clinic, room_kind="Consulting")
		doctor = a_doctor(service, clinics=[clinic])
		held = hold.hold(hold.Asked(doctor.name, service.name, noon()), hold.Holder("b", "a"))
		request = requests.find(held["token"])
		frappe.db.sql(
			"DELETE FROM `tabBooked Slot` WHERE resource LIKE 'Room:%%' AND reference = %s", request.name
		)
		details = book.Details(Contact("Ana Pop", "ana@example.com", "+34611223344"), None, None)
		with pytest.raises(HoldExpired):
			if act == "book":
				book.book(request.name, doctor.name, details)
			else:
				hold.extend(request.name, doctor.name)

	def test_an_unanswered_booking_ends_even_after_its_start(self, doctor, service):
		"""BK-5: days of downtime later it is declined all the same."""
		doctor.approves_bookings = 1
		doctor.save()
		requested = booked(doctor, service)
		expire.decline_unanswered(requested.name, doctor.name, now=noon(5))
		requested.reload()
		assert (requested.status, claims.held(requested.name)) == ("Cancelled", set())

	def test_no_request_without_time_to_answer(self, doctor, service):
		"""BK-5: booked so late that the notice limit has passed, there is nobody to ask any more."""
		doctor.approves_bookings = 1
		doctor.save()
		held = hold.hold(hold.Asked(doctor.name, service.name, noon()), hold.Holder("b", "a"))
		request = requests.find(held["token"])
		frappe.db.set_value("Booking Request", request.name, "expires_at_utc", noon().replace(tzinfo=None))
		details = book.Details(Contact("Ana Pop", "ana@example.com", "+34611223344"), None, None)
		with pytest.raises(TimeWindow):
			book.book(request.name, doctor.name, details, now=noon() - HOUR)


class TestRoom:
	@pytest.fixture
	def visit(self, clinic):
		a_room(clinic), a_room(clinic)
		service = a_service(clinic, room_kind="Consulting")
		return booked(a_doctor(service, clinics=[clinic]), service)

	def test_cleared_is_chosen_again(self, visit):
		"""AV-15: a form that clears the room gets one; the visit is never without."""
		visit.room = None
		visit.save()
		visit.reload()
		assert visit.room
		assert len(claims.held(visit.name)) == 2

	def test_of_another_clinic_is_refused(self, visit):
		"""AV-15: a room belongs to the visit's clinic."""
		visit.room = a_room(a_clinic()).name
		with pytest.raises(frappe.ValidationError):
			visit.save()


class TestHistory:
	def test_is_told_as_people_read_it(self, clinic, doctor, service):
		"""BK-9: titles instead of names, the clinic's clock instead of UTC, a start without its end."""
		appointment = booked(doctor, service)
		colleague = a_doctor(service, clinics=[clinic], doctor_name="Dr. Ion Pop")
		wanted = desk.Wanted(colleague.name, service.name, noon(3))
		moved = desk.move(appointment.name, doctor.name, wanted, "Ana is ill")
		moved.run_method("onload")
		change, made = moved.get_onload("changes")
		assert (change["what"], change["why"], made["differences"]) == ("Moved", "Ana is ill", [])
		shown = {each["field"]: (each["before"], each["after"]) for each in change["differences"]}
		assert shown == {
			"doctor": (doctor.doctor_name, "Dr. Ion Pop"),
			"starts_at_utc": tuple(
				f"{start.astimezone(ZoneInfo(clinic.timezone)):%Y-%m-%d %H:%M}" for start in (noon(), noon(3))
			),
		}
