"""A doctor's photo as the pages show it: small public pictures beside the one that was attached (UI-1)."""

import json

from clinic_booking.clinic_booking import attachments
from clinic_booking.clinic_booking.squares import squares

KINDS = {"share": "jpg"}
ELSEWHERE = "https://"


def read(doctor) -> None:
	"""Before a doctor is saved: make the pictures of a new photo, or refuse it."""
	before = doctor.get_doc_before_save()
	# REST may write what a form shows read-only.
	doctor.photos = before.photos if before else None
	if not doctor.has_value_changed("image"):
		return
	doctor.photos = None
	# A picture elsewhere is shown from there: nothing is fetched from an address that somebody typed.
	if doctor.image and not doctor.image.startswith(ELSEWHERE):
		doctor.flags.squares = squares_of(doctor.image)


def keep(doctor) -> None:
	"""After a doctor is saved: keep the pictures as public files of theirs, and the current ones only."""
	before = doctor.get_doc_before_save()
	if made := doctor.flags.pop("squares", None):
		publish(doctor, made)
	old = set(json.loads((before and before.photos) or "{}").values())
	for address in old - set(json.loads(doctor.photos or "{}").values()):
		attachments.remove(doctor, address)


def publish(doctor, made: dict[str, bytes]) -> None:
	"""Note the addresses of new pictures on a doctor who is in the database already."""
	photos = {
		size: attachments.publish(doctor, f"doctor-{doctor.name}-{size}", KINDS.get(size, "webp"), content)
		for size, content in made.items()
	}
	doctor.db_set("photos", json.dumps(photos), update_modified=False)


def squares_of(address: str) -> dict[str, bytes]:
	"""The pictures of an attached file; a sentence for who attached it where it is none."""
	return attachments.pictured(address, squares)
