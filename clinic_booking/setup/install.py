"""What bench does around this app: install, migrate, uninstall.

Uninstalling takes away what installing made and no more: a role that was here before stays (LI-9).
"""

import json
import re

import click
import frappe
from frappe import _
from frappe.utils.password import get_encryption_key

from clinic_booking.booking import claims
from clinic_booking.messaging import browser_keys
from clinic_booking.setup import fields_in_erpnext

LOWEST_MARIADB = (10, 6)
DESK_ROLES = ("Clinic Manager", "Clinic Receptionist", "Clinic Doctor")
PORTAL_ROLES = ("Clinic Patient",)
MADE_ROLES = "clinic_booking_made_roles"
SETTINGS = "Clinic Booking Settings"

# What Frappe keeps about documents of DocTypes that are gone: patients' words may be in it.
ABOUT_DOCUMENTS = (
	("Version", "ref_doctype"),
	("Comment", "reference_doctype"),
	("Communication", "reference_doctype"),
	("Deleted Document", "deleted_doctype"),
	("DocShare", "share_doctype"),
	("Email Queue", "reference_doctype"),
	("Notification Log", "document_type"),
	("ToDo", "reference_type"),
	("View Log", "reference_doctype"),
	("Kanban Board", "reference_doctype"),
	("List Filter", "reference_doctype"),
	("Data Import", "reference_doctype"),
)


def before_install() -> None:
	refuse_old_database()
	make_roles()


def after_install() -> None:
	claims.ensure_key()
	get_encryption_key()
	fill_settings()
	fields_in_erpnext.make()


def after_migrate() -> None:
	"""`on_doctype_update` runs only where a JSON changed, so what must hold is put back here each time."""
	make_roles()
	claims.ensure_key()
	get_encryption_key()
	fill_settings()
	fields_in_erpnext.make()


def before_uninstall() -> None:
	if is_dry_run():
		return
	delete_secrets()
	delete_what_hangs_on_documents()
	fields_in_erpnext.delete()


def after_uninstall() -> None:
	if is_dry_run():
		return
	delete_roles()
	delete_what_bench_leaves()
	# What bench asks of an uninstalled app it doesn't commit.
	frappe.db.commit()  # nosemgrep


def is_dry_run() -> bool:
	"""Whether `--dry-run` only asks what would go: Frappe calls these hooks all the same, and doesn't say."""
	command = click.get_current_context(silent=True)
	return bool(command and command.params.get("dry_run"))


def refuse_old_database() -> None:
	"""Claims need `WITHOUT OVERLAPS`, which MariaDB has and others don't."""
	version = frappe.db.sql("SELECT VERSION()")[0][0]
	if not is_database_good(version):
		frappe.throw(
			_("Clinic Booking needs MariaDB {0} or newer, and this is {1}").format(
				".".join(map(str, LOWEST_MARIADB)), version
			)
		)


def is_database_good(version: str) -> bool:
	"""Whether `SELECT VERSION()` tells of a MariaDB that is new enough: "10.11.6-MariaDB-0+deb12u1"."""
	number = re.match(r"(?:5\.5\.5-)?(\d+)\.(\d+)", version)
	return (
		"mariadb" in version.lower()
		and number is not None
		and tuple(map(int, number.groups())) >= LOWEST_MARIADB
	)


def make_roles() -> None:
	"""Make the roles that are missing, and remember which were ours to make."""
	made = _made_roles()
	for role in (*DESK_ROLES, *PORTAL_ROLES):
		if frappe.db.exists("Role", role):
			continue
		frappe.get_doc(doctype="Role", role_name=role, desk_access=int(role in DESK_ROLES)).insert(
			ignore_permissions=True  # bench installs, nobody is signed in
		)
		made.append(role)
	frappe.db.set_global(MADE_ROLES, json.dumps(made))


def delete_roles() -> None:
	for role in _made_roles():
		for child in ("Has Role", "Custom DocPerm", "DocPerm"):
			frappe.db.delete(child, {"role": role})
		frappe.delete_doc("Role", role, force=True, ignore_permissions=True, delete_permanently=True)
	frappe.db.set_global(MADE_ROLES, None)


def _made_roles() -> list[str]:
	return json.loads(frappe.db.get_global(MADE_ROLES) or "[]")


def fill_settings() -> None:
	"""Store the defaults of settings that have none yet: new ones after an upgrade, all after install."""
	stored = frappe.db.get_singles_dict(SETTINGS)
	settings = frappe.get_single(SETTINGS)
	missing = [field for field in settings.meta.fields if field.default and field.fieldname not in stored]
	for field in missing:
		settings.set(field.fieldname, field.default)
	has_new_keys = browser_keys.make_keys(settings)
	# bench stores the defaults of a new site without the controller, so the versions aren't there yet.
	if missing or has_new_keys or not (settings.consent_version and settings.newsletter_version):
		settings.save(ignore_permissions=True)  # bench installs, nobody is signed in


def delete_what_bench_leaves() -> None:
	jobs = frappe.get_all("Scheduled Job Type", {"method": ("like", "clinic_booking.%")}, pluck="name")
	frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": ("in", jobs)})
	frappe.db.delete("Scheduled Job Type", {"name": ("in", jobs)})
	frappe.db.delete("Patch Log", {"patch": ("like", "clinic_booking.%")})
	frappe.db.delete("Logs To Clear", {"ref_doctype": "Clinic Message"})
	frappe.db.delete("Singles", {"doctype": SETTINGS})


def delete_secrets() -> None:
	"""Keys and tokens of outside services: Frappe leaves those of a DocType that goes."""
	frappe.db.delete("__Auth", {"doctype": ("in", _our_doctypes())})


def delete_what_hangs_on_documents() -> None:
	ours = _our_doctypes()
	for file in frappe.get_all("File", {"attached_to_doctype": ("in", ours)}, pluck="name"):
		frappe.delete_doc("File", file, force=True, ignore_permissions=True, delete_permanently=True)
	for doctype, column in ABOUT_DOCUMENTS:
		frappe.db.delete(doctype, {column: ("in", ours)})


def _our_doctypes() -> list[str]:
	return frappe.get_all("DocType", {"module": "Clinic Booking"}, pluck="name")
