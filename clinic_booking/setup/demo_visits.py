"""The demo clinic's visits, past and to come, at times when their doctors are really there."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

import frappe

from clinic_booking.booking import clock, notes, practices, rating
from clinic_booking.errors import SlotConflict
from clinic_booking.scheduling import walltime
from clinic_booking.scheduling.open_time import open_time
from clinic_booking.scheduling.status import CHECKED_IN, COMPLETED, CONFIRMED, LIVE
from clinic_booking.setup.demo_records import name_of

HALF_HOUR = timedelta(minutes=30)
# How many days around today are looked at for days on which a doctor is there.
REACH = timedelta(days=45)


@dataclass(frozen=True)
class VisitTime:
	"""Where and when (UTC) a visit could be, and the rooms that would suit it."""

	clinic: str
	start: datetime
	end: datetime
	rooms: list[str]


def make_visit(
	patient: str, doctor: str, service: str, day: int, half_hour: int, status: str, fields: dict
) -> None:
	key = {
		"patient": name_of("Clinic Patient", patient),
		"doctor": name_of("Doctor", doctor),
		"service": name_of("Clinic Service", service),
	}
	if frappe.db.exists("Clinic Appointment", key):
		return
	contact = frappe.get_doc("Clinic Patient", key["patient"])
	values = {
		"source": "Desk",
		"contact_name": contact.patient_name,
		"contact_email": contact.email,
		"contact_phone": contact.phone,
		"language": contact.language,
		**fields,
	}
	values["note_encrypted"] = notes.seal(values.pop("note", None))
	for when in times_of(key["doctor"], key["service"], day, half_hour):
		if insert_visit(when, status, key | values):
			return


def insert_visit(when: VisitTime, status: str, values: dict) -> bool:
	"""Whether it could be made: that time may be somebody's already."""
	status = status_now(status, when)
	appointment = frappe.get_doc(
		doctype="Clinic Appointment",
		clinic=when.clinic,
		starts_at_utc=clock.to_database(when.start),
		status=status,
		room=when.rooms[0] if when.rooms and status not in LIVE else None,
		**values,
	)
	# With what patients did online: their stars, and that they booked there.
	appointment.flags.in_use_case = True
	frappe.db.savepoint("visit")
	try:
		appointment.insert()
	except SlotConflict:
		frappe.db.rollback(save_point="visit")
		return False
	if appointment.rating:
		rating.add(appointment.doctor, appointment.rating)
	return True


def times_of(doctor: str, service: str, day: int, half_hour: int) -> list[VisitTime]:
	"""The half hours of the doctor's `day`th day in which such a visit fits, from the `half_hour`th on."""
	practice = practices.of(doctor)
	offered = practice.services[service]
	length = timedelta(minutes=offered.visit.length_minutes)
	now = clock.now()
	days = defaultdict(list)
	for clinic, intervals in open_time(practice.calendar, now - REACH, now + REACH).items():
		zone = practice.calendar.clinic(clinic).timezone
		for interval in intervals if clinic in offered.prices else ():
			start = interval.start
			while start + length <= interval.end:
				day_there = walltime.local(interval.start, zone).date()
				days[day_there].append(VisitTime(clinic, start, start + length, offered.all_rooms(clinic)))
				start += HALF_HOUR
	today = walltime.local(now, practice.calendar.clinics[0].timezone).date()
	ahead = sorted(each for each in days if each >= today)
	past = sorted(each for each in days if each < today)
	times = days[past[day] if day < 0 else ahead[day]]
	turn = half_hour % len(times)
	return times[turn:] + times[:turn]


def status_now(status: str, when: VisitTime) -> str:
	"""What became by now of a visit that was to be Confirmed on a day which is today."""
	now = clock.now()
	if status != CONFIRMED or when.start > now:
		return status
	return COMPLETED if when.end <= now else CHECKED_IN
