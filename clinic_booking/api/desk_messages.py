"""The Desk's calls about messages: called as clinic_booking.api.desk.<name>, which imports them (NT-7)."""

from clinic_booking.api.door import desk
from clinic_booking.api.reach import reach
from clinic_booking.errors import Validation
from clinic_booking.errors import _ as marked
from clinic_booking.inputs import Channel, RecordName
from clinic_booking.messaging import by_hand, sending


@desk("GET")
def messages(appointment: RecordName) -> dict:
	"""`{kinds, channels, sent}`: which messages can be sent now, by which channels, and the last ones that were.

	`sent`: `[{name, kind, channel, status, why, sent_at_utc, due_at_utc}]`, the newest first.
	"""
	return by_hand.offered(reach("Clinic Appointment", appointment).name)


@desk("POST")
def send_message(appointment: RecordName, kind: RecordName, channel: Channel | None = None) -> dict:
	"""`{message}`: sent, or sent again, to the patient, by `channel` or the one they prefer.

	`ERR_VALIDATION` for what is not true of the appointment now, and where the channel does not reach them.
	"""
	return {"message": by_hand.send(reach("Clinic Appointment", appointment, "write").name, kind, channel)}


@desk("POST")
def retry_message(message: RecordName) -> dict:
	"""`{}`: a message that failed is sent again at once. `ERR_VALIDATION` for one that did not fail."""
	row = reach("Clinic Message", message)
	if row.appointment:
		reach("Clinic Appointment", row.appointment, "write")
	if not sending.try_again(row.name):
		raise Validation(fields={"message": marked("Only a message that failed is sent again.")})
	return {}
