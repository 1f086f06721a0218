"""What doctors call about their own bookings: approve and decline, and who comes (SE-1)."""

from functools import partial

from clinic_booking.api.door import signed_in
from clinic_booking.api.reach import reach
from clinic_booking.booking import clock, lifecycle
from clinic_booking.booking.transaction import run
from clinic_booking.inputs import Flag, Reason, RecordName

DOCTOR = ("Clinic Doctor", "Clinic Manager", "System Manager")


@signed_in("POST", *DOCTOR)
def approve(appointment: RecordName) -> dict:
	"""`{appointment, status}`: a requested booking is confirmed (BK-5); twice is once."""
	return _shape(run(lifecycle.approve, on=partial(reach, "Clinic Appointment", appointment, "write")))


@signed_in("POST", *DOCTOR)
def decline(appointment: RecordName, reason: Reason) -> dict:
	"""`{appointment, status}`: a requested booking is declined with a reason; its time is free again."""
	return _shape(
		run(lifecycle.decline, reason, on=partial(reach, "Clinic Appointment", appointment, "write"))
	)


@signed_in("POST", *DOCTOR)
def online(doctor: RecordName, online: Flag) -> dict:
	"""`{doctor, online}`: the doctor's switch (AV-9); offline offers nothing, from the next call on."""
	doc = reach("Doctor", doctor, "write")
	doc.online = int(online)
	doc.save()
	return {"doctor": doc.name, "online": bool(doc.online)}


def _shape(appointment) -> dict:
	return {
		"appointment": appointment.name,
		"status": appointment.status,
		"start": clock.iso(appointment.starts_at_utc, "UTC"),
	}
