"""What holds for every DocType of ours, read from the files that Desk wrote."""

import json
from pathlib import Path

import frappe
import pytest

import clinic_booking

FOLDER = Path(clinic_booking.__file__).parent / "clinic_booking/doctype"
DOCTYPES = {path.parent.name: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*/*.json"))}
LAYOUT = ("Section Break", "Column Break", "Tab Break")
WITH_PATIENTS_WORDS = (
	"Clinic Patient",
	"Booking Request",
	"Clinic Appointment",
	"Patient Consent",
	"Appointment Change",
	"Clinic Message",
)
SECRETS = {
	"token_hash",
	"seed",
	"note_encrypted",
	"answers",
	"hold_request_id",
	"browser",
	"address",
	"offer_version",
	"key",
	"url",
}
READERS_ONLY = (
	*("Booked Slot", "Appointment Change", "Patient Consent", "Booking Request"),
	*("Online Payment", "Online Refund", "Clinic Message", "Gateway Event"),
	*("Link Request", "Message Opt Out", "Push Subscription"),
)


@pytest.fixture(params=DOCTYPES.values(), ids=DOCTYPES)
def doctype(request):
	return request.param


def fields(doctype):
	return [field for field in doctype["fields"] if field["fieldtype"] not in LAYOUT]


def test_file_is_as_desk_writes_it(doctype):
	"""LI-7: keys in order, every field in its place; what an administrator exports differs in nothing else."""
	path = FOLDER / frappe.scrub(doctype["name"]) / f"{frappe.scrub(doctype['name'])}.json"
	assert path.read_text() == json.dumps(doctype, indent=1, sort_keys=True, separators=(",", ": ")) + "\n"
	assert sorted(doctype["field_order"]) == sorted(field["fieldname"] for field in doctype["fields"])


def test_nothing_can_be_renamed_or_seen_by_guests(doctype):
	"""BK-3, SE-1: names stand in claims; neither Guest, All nor a portal role has a permission."""
	assert not doctype.get("allow_rename")
	assert not doctype.get("allow_guest_to_view") and not doctype.get("has_web_view")
	roles = {permission["role"] for permission in doctype["permissions"]}
	assert roles <= {"System Manager", "Clinic Manager", "Clinic Receptionist", "Clinic Doctor"}


def test_no_versions_of_patients_words(doctype):
	"""SE-5: Frappe keeps no copies of what patients wrote."""
	if doctype["name"] in WITH_PATIENTS_WORDS:
		assert not doctype.get("track_changes") and not doctype.get("track_views")


def test_secrets_have_a_level_that_no_role_has(doctype):
	"""SE-5: no list, report, export or REST call shows them."""
	levels = {field["fieldname"]: field.get("permlevel", 0) for field in fields(doctype)}
	granted = {permission.get("permlevel", 0) for permission in doctype["permissions"]}
	if doctype["name"] in (
		"Booking Request",
		"Clinic Appointment",
		"Doctor",
		"Online Payment",
		"Online Refund",
	):
		assert {field for field, level in levels.items() if level == 9} == SECRETS & set(levels)
	assert 9 not in granted


@pytest.mark.parametrize("name", READERS_ONLY)
def test_what_only_the_system_writes_is_read_only(name):
	"""BK-9: claims, history, consents and requests have no writer among the roles."""
	for permission in DOCTYPES[frappe.scrub(name)]["permissions"]:
		assert not {"create", "write", "delete", "import"} & {
			right for right, given in permission.items() if given
		}


def test_instants_of_ours_say_that_they_are_utc(doctype):
	"""TI-11: a Datetime is Frappe's (the site's zone) or says UTC in its label."""
	ours = [field for field in fields(doctype) if field["fieldtype"] == "Datetime"]
	for field in ours:
		is_frappes = doctype["name"] == "Clinic Appointment" and field["fieldname"] in (
			"starts_at",
			"ends_at",
		)
		assert is_frappes or "(UTC)" in field["label"], field["fieldname"]


def test_instants_of_ours_are_shown_as_utc(doctype):
	"""TI-11, UI-2: Frappe would show them as the site's time; readable.js tells it, loaded with the DocType."""
	has_instants = any(field["fieldname"].endswith("_utc") for field in fields(doctype))
	loaded = frappe.get_hooks("doctype_list_js", app_name="clinic_booking").get(doctype["name"], [])
	assert has_instants == ("clinic_booking/readable.js" in loaded)


def test_no_two_times_have_one_label(doctype):
	"""UI-2: the end of a visit is not the end of its hold."""
	labels = [field["label"] for field in fields(doctype) if field["fieldtype"] == "Datetime"]
	assert len(labels) == len(set(labels))


def test_links_go_somewhere(doctype):
	"""LI-10: every link and table names a DocType of ours or of Frappe's and ERPNext's."""
	for field in fields(doctype):
		if field["fieldtype"] in ("Link", "Table", "Table MultiSelect"):
			assert frappe.db.exists("DocType", field["options"]), field["fieldname"]
	for link in doctype["links"]:
		target = link.get("parent_doctype") or link["link_doctype"]
		assert frappe.get_meta(link["link_doctype"]).has_field(link["link_fieldname"]), target


def test_what_is_searched_is_indexed(site):
	"""LI-1: the lookups of the booking path have a key each."""
	wanted = {
		"Clinic Appointment": [
			"doctor",
			"patient",
			"clinic",
			"starts_at",
			"starts_at_utc",
			"status",
			"token_hash",
		],
		"Booking Request": [
			"status",
			"token_hash",
			"hold_request_id",
			"browser",
			"address",
			"email",
			"phone",
		],
		"Clinic Patient": ["phone", "email"],
		"Booked Slot": ["resource", "reference"],
		"Doctor": ["slug", "user"],
		"Availability Exception": ["doctor"],
		"Clinic Room": ["clinic"],
	}
	for name, columns in wanted.items():
		keys = frappe.db.sql(f"SHOW INDEX FROM `tab{name}` WHERE Seq_in_index = 1", as_dict=True)
		assert set(columns) <= {key.Column_name for key in keys}, name
