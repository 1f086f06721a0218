"""The rules that any saved appointment keeps, whichever road it came by (BK-10).

The Clinic Appointment controller calls these in order; the use cases only add locks, order and retries.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import get_datetime

from clinic_booking.booking import (
	changes,
	claims,
	clock,
	invoice_address,
	payable,
	practices,
	refund,
	terms,
	tokens,
)
from clinic_booking.booking.appointment_times import differs
from clinic_booking.booking.clock import to_database
from clinic_booking.errors import BookingError, Forbidden, TimeWindow, Validation
from clinic_booking.errors import _ as marked
from clinic_booking.scheduling import status

ANNOUNCED = {
	status.REQUESTED: "on_request",
	status.CONFIRMED: "on_confirm",
	status.CHECKED_IN: "on_check_in",
	status.COMPLETED: "on_complete",
	status.NO_SHOW: "on_no_show",
	status.CANCELLED: "on_cancel",
}


ONLINE = "Online"
BY_PATIENT = "Patient"
BY_CLINIC = "Clinic"
# Source of what an older system had: what it costs is billed there, or by hand (BK-10).
IMPORTED = "Import"
CONTACT = {"contact_name": "patient_name", "contact_email": "email", "contact_phone": "phone"}
# How they want to be told; None is nothing that a patient's record says.
WISHES = {
	"language": "language",
	"channel": "preferred_channel",
	"timezone": "timezone",
	"no_reminders": None,
}


def identify(appointment, before) -> None:
	"""Give a new appointment its reference and the seed of its manage link; another patient gets another link.

	Not before `validate`: Frappe takes back what a user without the permission level wrote before it.
	"""
	if is_handed_over(appointment, before):
		appointment.seed = appointment.token_hash = None
	if appointment.token_hash:
		return
	appointment.reference = appointment.reference or tokens.new_reference()
	appointment.seed = appointment.seed or tokens.new_seed()
	appointment.token_hash = tokens.hash_of(tokens.token_of(appointment.seed))


def take_terms(appointment, before) -> None:
	"""Fill what the doctor's offer decides: length, buffers, price, rooms to choose from (AV-4, AV-5, AV-15).

	Only when it is made or goes to another doctor, service or clinic: what was agreed stays agreed. One that
	was held comes with everything.
	"""
	if appointment.flags.hold:
		return
	if before and all(
		before.get(field) == appointment.get(field) for field in ("doctor", "service", "clinic")
	):
		# REST may write what a form shows read-only; the claim is made of these.
		appointment.buffer_before_minutes = before.buffer_before_minutes
		appointment.buffer_after_minutes = before.buffer_after_minutes
		if not appointment.room:
			appointment.flags.rooms = _rooms(appointment)
		return
	practice = practices.of(appointment.doctor, _version(appointment.doctor))
	service = practice and practice.services.get(appointment.service)
	if service is None:
		frappe.throw(_("This doctor does not offer {0}").format(appointment.service))
	if appointment.clinic not in service.prices:
		frappe.throw(_("{0} is not offered at this clinic").format(service.title))
	price = service.prices[appointment.clinic]
	appointment.buffer_before_minutes = service.visit.buffer_before_minutes
	appointment.buffer_after_minutes = service.visit.buffer_after_minutes
	if before is None:
		appointment.payment, appointment.currency = service.payment, price.currency
		if not appointment.price:
			appointment.price, appointment.deposit = price.amount, price.deposit
		appointment.policy = appointment.policy or terms.freeze(terms.policy_now())
		is_billed = appointment.source != IMPORTED
		appointment.payment_status = payment_status(appointment.price if is_billed else 0)
	elif price.currency != before.currency:
		_refuse(appointment, Validation(fields={"clinic": marked("That clinic takes another currency.")}))
	elif appointment.price and not same_books(before.clinic, appointment.clinic):
		# What was invoiced and paid stands in the books of the company that it was agreed with.
		_refuse(
			appointment,
			Validation(
				fields={"clinic": marked("That clinic has other books: please cancel and book anew.")}
			),
		)
	appointment.flags.length = timedelta(minutes=service.visit.length_minutes)
	appointment.flags.rooms = service.rooms.get(appointment.clinic, ())


def same_books(clinic: str, other: str) -> bool:
	"""Whether two clinics are of one company."""
	return frappe.get_cached_value("Clinic", clinic, "company") == frappe.get_cached_value(
		"Clinic", other, "company"
	)


def decide_refund(appointment, before) -> None:
	"""What goes back is decided with the cancellation, whichever road it came by (PO-3)."""
	refund.decide(appointment, before, by_patient=appointment.cancelled_by == BY_PATIENT)


def require_patient(appointment, before) -> None:
	"""Refuse a patient who doesn't exist: Frappe misses that where it fetches fields of them (IN-10)."""
	if appointment.flags.hold or (before and before.patient == appointment.patient):
		return
	if not frappe.db.exists("Clinic Patient", appointment.patient):
		frappe.throw(_("Please choose a patient: this one does not exist"), frappe.LinkValidationError)


def keep_contact(appointment, before) -> None:
	"""Another patient comes with their own contact, unless one is typed along: messages go there (BK-4).

	What the first one wrote, and to whom they had the invoice made out, is not theirs (PT-5, SE-1). And a visit
	that nobody booked for themselves comes with the patient's language: Frappe fills in the site's.
	"""
	if before is None and appointment.source != ONLINE:
		language = frappe.db.get_value("Clinic Patient", appointment.patient, "language")
		appointment.language = language or appointment.language
	if not is_handed_over(appointment, before):
		return
	patient = frappe.get_doc("Clinic Patient", appointment.patient)
	if all(before.get(field) == appointment.get(field) for field in CONTACT):
		appointment.update({field: patient.get(own) for field, own in CONTACT.items()})
	for field, own in WISHES.items():
		if before.get(field) == appointment.get(field):
			appointment.set(field, own and patient.get(own))
	appointment.note_encrypted = None
	for field in invoice_address.FIELDS:
		if before.get(field) == appointment.get(field):
			appointment.set(field, None)


def is_handed_over(appointment, before) -> bool:
	"""Whether another patient is put on it."""
	return bool(before) and before.patient != appointment.patient


def is_elsewhere(appointment, before) -> bool:
	"""Whether its patient must go to another place, to another doctor, or at another time."""
	return (before.doctor, before.clinic) != (appointment.doctor, appointment.clinic) or get_datetime(
		before.starts_at_utc
	) != get_datetime(appointment.starts_at_utc)


def _rooms(appointment) -> tuple[str, ...]:
	"""The rooms that suit the service at its clinic; none where it needs none or is offered no longer."""
	practice = practices.of(appointment.doctor, _version(appointment.doctor))
	service = practice and practice.services.get(appointment.service)
	return service.rooms.get(appointment.clinic, ()) if service else ()


def keep_room(appointment, before) -> None:
	"""A room that was chosen is one of that clinic, of the kind the service needs (AV-15)."""
	same = before and (before.room, before.clinic) == (appointment.room, appointment.clinic)
	if not appointment.room or same or appointment.flags.hold:
		return
	clinic, kind = frappe.db.get_value("Clinic Room", appointment.room, ["clinic", "kind"]) or (None, None)
	needed = frappe.db.get_value("Clinic Service", appointment.service, "room_kind")
	if clinic != appointment.clinic or (needed and kind != needed):
		_refuse(appointment, Validation(fields={"room": marked("This room does not suit.")}))


def payment_status(price) -> str:
	"""The state of money before any has moved (BK-6)."""
	return "Unpaid" if price else "Not Required"


def keep_squeeze_in(appointment, before) -> None:
	"""A second patient at one time: by a manager or the doctor only, with a reason, on seat 2 (AV-9)."""
	if before and bool(before.squeeze_in) == bool(appointment.squeeze_in):
		return
	appointment.seat = claims.SQUEEZED if appointment.squeeze_in else 1
	if not appointment.squeeze_in:
		return
	if not (appointment.squeeze_reason or "").strip():
		_refuse(appointment, Validation(fields={"reason": marked("Please give a reason.")}))
	if not (_is_doctor(appointment) or _is_manager(appointment)):
		_refuse(appointment, Forbidden(marked("Only the doctor or a manager squeezes a patient in.")))


def keep_to_the_future(appointment, before) -> None:
	"""A live visit is not moved into the past, where nobody could come."""
	if before is None or appointment.status not in status.LIVE:
		return
	if not differs(appointment, before, "starts_at_utc"):
		return
	if get_datetime(appointment.starts_at_utc) < to_database(appointment.flags.now or clock.now()):
		_refuse(appointment, TimeWindow(marked("This time is over.")))


def keep_to_states(appointment, before) -> None:
	"""Refuse a change of state that the table or one of its rules does not allow (BK-6, PO-2)."""
	if before is None or before.status == appointment.status:
		return
	now = appointment.flags.now or clock.now()
	if (before.status, appointment.status) == (status.REQUESTED, status.CONFIRMED):
		_approve(appointment, before, now)
	start = clock.from_database(get_datetime(before.starts_at_utc))
	zone = ZoneInfo(frappe.get_cached_value("Clinic", appointment.clinic, "timezone"))
	code = status.why_not(
		status.Move(
			before=before.status,
			after=appointment.status,
			now=now,
			start=start,
			days_since=(now.astimezone(zone).date() - start.astimezone(zone).date()).days,
			by_manager=_is_manager(appointment),
			reason=_reason(appointment),
		)
	)
	if code:
		_refuse(appointment, REFUSALS[code])


def keep_new_state(appointment, before) -> None:
	"""What comes in as over (an older system's, imported) must have started; who is here, or cancels, was booked.

	One that a form asks for has the time to answer of any other (BK-5).
	"""
	if before or appointment.flags.hold or appointment.status == status.CONFIRMED:
		return
	now = clock.now()
	start = clock.from_database(get_datetime(appointment.starts_at_utc))
	if appointment.status in status.OVER and start > now:
		_refuse(appointment, TimeWindow(marked("It has not started yet.")))
	if appointment.flags.in_use_case:
		return
	if appointment.status == status.REQUESTED:
		practice = practices.of(appointment.doctor, _version(appointment.doctor))
		appointment.expires_at_utc = to_database(terms.answer_by(practice, start, now))
		if appointment.expires_at_utc <= to_database(now):
			_refuse(appointment, TimeWindow(marked("The time to answer is over.")))
	elif appointment.status in (status.CHECKED_IN, status.CANCELLED) and not frappe.flags.in_import:
		_refuse(appointment, REFUSALS[status.NO_SUCH_MOVE])


def _approve(appointment, before, now) -> None:
	"""A requested booking is the doctor's or a manager's to take, until its time to answer is over (BK-5).

	Where money is due first it stays Requested, its approval noted, and waits for that.
	"""
	if appointment.flags.paid:
		appointment.expires_at_utc = None
		return
	if not (_is_doctor(appointment) or _is_manager(appointment)):
		_refuse(appointment, Forbidden(marked("Only the doctor or a manager approves a booking.")))
	if before.expires_at_utc and get_datetime(before.expires_at_utc) <= to_database(now):
		_refuse(appointment, TimeWindow(marked("The time to answer is over.")))
	if not payable.due_of(appointment):
		appointment.approved_at_utc, appointment.expires_at_utc = to_database(now), None
		return
	appointment.status = status.REQUESTED
	if not before.approved_at_utc:
		practice = practices.of(appointment.doctor, _version(appointment.doctor))
		start = clock.from_database(get_datetime(appointment.starts_at_utc))
		appointment.approved_at_utc = to_database(now)
		appointment.expires_at_utc = to_database(terms.answer_by(practice, start, now))
		appointment.flags.approved = True


REFUSALS = {
	status.NO_SUCH_MOVE: Validation(marked("This is not possible in the state the appointment is in.")),
	status.STARTED: TimeWindow(marked("It has started: mark it as completed or as a no-show.")),
	status.NOT_STARTED: TimeWindow(marked("It has not started yet.")),
	status.NOT_TODAY: TimeWindow(marked("The visit is on a later day.")),
	status.NEEDS_REASON: Validation(fields={"reason": marked("Please give a reason.")}),
	status.NEEDS_MANAGER: Forbidden(marked("Only a manager reopens an appointment of an earlier day.")),
}


def _refuse(appointment, error: BookingError) -> None:
	"""The use cases get the error itself; a form, REST or an import gets Frappe's own."""
	if appointment.flags.in_use_case:
		raise error
	frappe.throw(_(next(iter(error.facts.get("fields", {}).values()), error.message)))


def _is_doctor(appointment) -> bool:
	actor = appointment.flags.actor or changes.actor_in_session()
	return frappe.db.get_value("Doctor", appointment.doctor, "user") == actor.user


def _is_manager(appointment) -> bool:
	actor = appointment.flags.actor or changes.actor_in_session()
	return actor.role == "System Manager" or bool(
		frappe.db.exists(
			"Clinic Staff", {"parent": appointment.clinic, "user": actor.user, "role": "Manager"}
		)
	)


def _reason(appointment) -> str | None:
	if appointment.cancelled_by == BY_PATIENT:
		return BY_PATIENT
	return appointment.flags.why or appointment.cancel_reason


def announce(appointment, before) -> None:
	"""Tell listeners (billing, messages, calendars, other apps) what happened, within the transaction."""
	if before is None or before.status != appointment.status:
		appointment.run_method(ANNOUNCED[appointment.status])
	elif appointment.status in status.LIVE and is_elsewhere(appointment, before):
		appointment.run_method("on_reschedule")
	if is_handed_over(appointment, before):
		close_first_link(appointment)
		appointment.run_method("on_hand_over")
	if appointment.flags.approved:
		appointment.run_method("on_approve")


def close_first_link(appointment) -> None:
	"""The request that it came from is found by the same token, and would still show the visit (BK-7)."""
	if appointment.request:
		link = {"seed": appointment.seed, "token_hash": appointment.token_hash}
		frappe.db.set_value("Booking Request", appointment.request, link, update_modified=False)


def record(appointment, before) -> None:
	"""Keep the change in the appointment's history (BK-9)."""
	changes.record(appointment, before, why=appointment.flags.why or appointment.cancel_reason)


def _version(doctor: str) -> str | None:
	return frappe.db.get_value("Doctor", doctor, "offer_version")
