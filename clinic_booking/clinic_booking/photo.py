"""A doctor's photo as the pages show it: small public pictures beside the one that was attached (UI-1)."""

import json
from pathlib import Path

import frappe
from frappe import _

from clinic_booking.clinic_booking.squares import NotAPhoto, squares

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
		_remove(doctor, address)


def publish(doctor, made: dict[str, bytes]) -> None:
	"""Note the addresses of new pictures on a doctor who is in the database already."""
	photos = {size: _file(doctor, size, content) for size, content in made.items()}
	doctor.db_set("photos", json.dumps(photos), update_modified=False)


def squares_of(address: str) -> dict[str, bytes]:
	"""The pictures of an attached file; a sentence for who attached it where it is none."""
	name = frappe.db.get_value("File", {"file_url": address})
	if not name:
		frappe.throw(_("The photo is not there: {0}. Please attach it again.").format(address))
	file = frappe.get_doc("File", name)
	# The pictures are public: nobody makes public what they may not see.
	file.check_permission("read")
	try:
		return squares(Path(file.get_full_path()).read_bytes())
	except (OSError, NotAPhoto):
		frappe.throw(
			_(
				"This file can't be shown as a photo. Please take a JPEG, PNG or WebP picture of at most 20 MB."
			)
		)


def _file(doctor, size: str, content: bytes) -> str:
	"""The address of a new public file."""
	file = frappe.get_doc(
		doctype="File",
		file_name=f"doctor-{doctor.name}-{size}.{KINDS.get(size, 'webp')}",
		content=content,
		is_private=0,
		attached_to_doctype="Doctor",
		attached_to_name=doctor.name,
	)
	# Whoever may change the doctor may change the photo.
	return file.insert(ignore_permissions=True).file_url


def _remove(doctor, address: str) -> None:
	own = {"file_url": address, "attached_to_doctype": "Doctor", "attached_to_name": doctor.name}
	for name in frappe.get_all("File", own, pluck="name"):
		# They come and go with the photo, by whoever may change it.
		frappe.delete_doc("File", name, ignore_permissions=True)
