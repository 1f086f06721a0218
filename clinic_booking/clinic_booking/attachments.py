"""Attached pictures, and the public files made of them."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import frappe
from frappe import _

from clinic_booking.clinic_booking.squares import NotAPhoto


def pictured(address: str, make: Callable):
	"""What `make` makes of the bytes of an attached file; a sentence for who attached it where it can't."""
	name = frappe.db.get_value("File", {"file_url": address})
	if not name:
		frappe.throw(_("The picture is not there: {0}. Please attach it again.").format(address))
	file = frappe.get_doc("File", name)
	# What is made of it is public: nobody makes public what they may not see.
	file.check_permission("read")
	try:
		return make(Path(file.get_full_path()).read_bytes())
	except (OSError, NotAPhoto):
		frappe.throw(
			_("This file can't be shown as a picture. Please take a JPEG, PNG or WebP of at most 20 MB.")
		)


def publish(document, name: str, kind: str, content: bytes) -> str:
	"""The address of a new public file that belongs to a document.

	It carries a hash of the contents: what a browser has kept is never taken for another picture.
	"""
	digest = hashlib.sha256(content).hexdigest()[:10]
	file = frappe.get_doc(
		doctype="File",
		file_name=f"{name}-{digest}.{kind}",
		content=content,
		is_private=0,
		attached_to_doctype=document.doctype,
		attached_to_name=document.name,
	)
	# Whoever may change the document may change its picture.
	return file.insert(ignore_permissions=True).file_url


def remove(document, address: str) -> None:
	"""Take a public file of a document away."""
	own = {"file_url": address, "attached_to_doctype": document.doctype, "attached_to_name": document.name}
	for name in frappe.get_all("File", own, pluck="name"):
		# They come and go with the picture they were made of, by whoever may change it.
		frappe.delete_doc("File", name, ignore_permissions=True)
