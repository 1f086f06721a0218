"""Every call of ours, by every role, for records of one's own, of a colleague and of another clinic (SE-1)."""

import frappe
import pytest

from clinic_booking.api.door import DOORS
from tests.builders import insert
from tests.site.api.conftest import PATIENT
from tests.site.api.test_every_call import load_everything
from tests.site.permissions.asking import ask, call, remember, undo
from tests.site.permissions.scene import COLLEAGUES, MINE, OTHERS, PEOPLE, Scene, at_hour
from tests.site.permissions.table import cells

CALLS, DESK = cells("Calls", 1), cells("Desk", 1)
PREFIX = "clinic_booking.api."
REFUSED = {"ERR_UNAUTHORIZED", "ERR_FORBIDDEN", "ERR_NOT_FOUND"}
# These take no record, or more than they are asked for: whose are told is seen in the answer.
TELL = {
	"desk.offers": "Doctor",
	"desk.walk_in_times": "Doctor",
	"desk.patients": "Clinic Patient",
	"desk.events": "Clinic Patient",
}
# Without them the public calls answer everybody the same.
UNTRIED = {"token", "consent", "stars", "subscription"}
# A clinic has no colleagues: there is one of one's own, and the other.
OF_A_CLINIC = {"imports.bookings"}


@pytest.fixture
def scene(site):
	load_everything()
	made = Scene()
	remember()
	return made


def test_the_table_has_every_call(scene):
	"""SE-1: and no call that is not there."""
	assert {name for name, _role in CALLS} == {name.removeprefix(PREFIX) for name in DOORS}


def test_every_call_by_every_role(scene):
	"""SE-1, IN-13: each call takes and tells what the table says, and nothing else."""
	wrong = [line for role in PEOPLE for line in call_differences(scene, role)]
	assert not wrong, "\n".join(wrong)


def call_differences(scene, role) -> list[str]:
	file = insert("File", file_name="old.csv", content="x", is_private=1)
	frappe.db.set_value("File", file.name, "owner", PEOPLE[role])
	remember()
	wrong = []
	for name, door in DOORS.items():
		name = name.removeprefix(PREFIX)
		wanted = CALLS[name, role]
		for whose in (MINE, COLLEAGUES, OTHERS):
			if whose == COLLEAGUES and name in OF_A_CLINIC:
				continue
			answer = send(PEOPLE[role], door, values(scene, whose, file.name))
			undo()
			if leads(answer, name, scene, whose) is not bool(wanted & {"yes", whose}):
				wrong.append(f"{name}: {whose}, {role}: {answer.text[:150]}")
	return wrong


def values(scene, whose, file) -> dict:
	"""Arguments by their names, about the records of one owner."""
	at = scene.north if whose != OTHERS else scene.south
	name = {doctype: row.name for (doctype, owner), row in scene.rows.items() if owner == whose}
	days = {"from_date": "2099-02-01", "to_date": "2099-02-03"}
	return {
		"doctor": name["Doctor"],
		"clinic": at.clinic.name,
		"service": at.service.name,
		"appointment": name["Clinic Appointment"],
		"patient": name["Clinic Patient"],
		"message": name["Clinic Message"],
		"kind": "booked",
		"start": "2099-02-01T10:00:00Z",
		"end": "2099-02-02T10:00:00Z",
		"reason": "Because",
		"mode_of_payment": "Cash",
		"way": "Cash",
		"open": "35.00",
		"refundable": "35.00",
		"reference": frappe.db.get_value("Clinic Appointment", name["Clinic Appointment"], "reference"),
		"online": True,
		"week": [],
		"affected": "keep",
		"exceptions": [name["Availability Exception"]],
		"q": scene.rows["Clinic Patient", whose].sign,
		"file": file,
		"company": "Acme",
		"address": "Street 1",
		"slug": frappe.db.get_value("Doctor", name["Doctor"], "slug"),
		**days,
	}


def send(user, door, known):
	"""The call with what it takes; guests' details, and days around the visits, where these are meant."""
	known = dict(known)
	name = door.name.removeprefix(PREFIX)
	if name == "public.book":
		known["patient"] = PATIENT
	if name == "doctor.add_exceptions":
		known["exceptions"] = [{"kind": "Closed", "from_date": "2099-05-01"}]
	if name == "desk.confirm_transfer":
		known["amount"] = "35.00"
	if name == "desk.events":
		known = {"start": f"{at_hour(-48):%FT%TZ}", "end": f"{at_hour(48):%FT%TZ}"}
	if name == "doctor.appointments":
		known.pop("start")
	given = {argument: known[argument] for argument in door.arguments.model_fields if argument in known}
	missing = {argument for argument, of in door.arguments.model_fields.items() if of.is_required()} - set(
		given
	)
	assert not missing - UNTRIED, f"say what {name} takes as {missing}"
	if door.verb == "GET":
		return ask(user, "GET", f"/api/method/{door.name}", **given)
	return call(user, door.name, **given)


def leads(answer, name, scene, whose) -> bool:
	if isinstance(answer.error, frappe.PermissionError):
		return False  # Frappe itself, before our door
	assert answer.error is None, answer.error
	if name in TELL:
		return "error" not in answer.body and scene.rows[TELL[name], whose].sign in answer.text
	code = answer.body.get("error", {}).get("code")
	if name.startswith("public."):
		# Without a token there is nothing to find, for anybody.
		return code not in REFUSED - {"ERR_NOT_FOUND"}
	return code not in REFUSED


def test_pages_of_the_desk(scene):
	"""SE-1: workspaces are those of the table; reports, pages, print formats and web forms need a line there."""
	kinds = (
		"Workspace",
		"Report",
		"Page",
		"Print Format",
		"Web Form",
		"Number Card",
		"Dashboard Chart",
		"Dashboard",
	)
	ours = {
		f"{kind}: {name}"
		for kind in kinds
		for name in frappe.get_all(kind, {"module": "Clinic Booking"}, pluck="name")
	}
	assert {name for name, _role in DESK} == ours
	for (page, role), wanted in DESK.items():
		kind, _colon, name = page.partition(": ")
		assert OPENS[kind](PEOPLE[role], name) is ("yes" in wanted), (page, role)


def is_in_sidebar(user, name) -> bool:
	answer = call(user, "frappe.desk.desktop.get_workspace_sidebar_items")
	return name in {item["name"] for item in (answer.message or {}).get("pages", [])}


def is_run(user, name) -> bool:
	answer = call(user, "frappe.desk.query_report.run", report_name=name, filters={})
	undo()
	return answer.ok and "result" in (answer.message or {})


def is_printed(user, name) -> bool:
	"""Whether documents of its DocType are theirs to print."""
	return bool(
		frappe.has_permission(frappe.db.get_value("Print Format", name, "doc_type"), "print", user=user)
	)


# How to see whether somebody may open it.
OPENS = {"Workspace": is_in_sidebar, "Report": is_run, "Print Format": is_printed}
