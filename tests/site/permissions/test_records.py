"""Every cell of docs/permissions.md's tables of records, tried by every road there is (SE-1)."""

import frappe
import pytest

from clinic_booking.permissions import CHILDREN, DOCTYPES
from tests.site.permissions import roads
from tests.site.permissions.asking import remember, undo
from tests.site.permissions.scene import MINE, PEOPLE, Scene
from tests.site.permissions.table import cells

RECORDS, ROWS = cells("Records", 2), cells("Rows of records", 2)
UNLIMITED = PEOPLE["System Manager"]
OTHER_RIGHTS = ("report", "export", "import", "print", "email", "share")


@pytest.fixture
def scene(site):
	made = Scene()
	remember()
	return made


def test_the_table_has_every_record(scene):
	"""SE-1: each DocType of the app, and each kind of owner, has its line; and no line is about nothing."""
	made = set(frappe.get_all("DocType", {"module": "Clinic Booking"}, pluck="name"))
	assert made == DOCTYPES
	tabled = {(doctype, whose) for doctype, whose, _role in [*RECORDS, *ROWS]}
	assert {doctype for doctype, _whose in tabled} == made
	assert tabled == set(scene.rows)


@pytest.mark.parametrize("role", PEOPLE)
def test_every_cell_by_every_road(scene, role):
	"""SE-1, IN-12, IN-13: what the table allows works, and nothing else does; lists and counts hold just that."""
	scene.enter_as(PEOPLE[role])
	remember()
	wrong = []
	for row in scene.rows.values():
		if row.doctype in CHILDREN:
			wrong += child_differences(PEOPLE[role], row, ROWS[row.doctype, row.whose, role])
		else:
			wrong += differences(PEOPLE[role], row, RECORDS[row.doctype, row.whose, role])
	for doctype in sorted(DOCTYPES - set(CHILDREN) - {"Clinic Booking Settings"}):
		rights = {row.whose: RECORDS[doctype, row.whose, role] for row in scene.of(doctype)}
		wrong += list_differences(PEOPLE[role], doctype, scene.of(doctype), rights)
	assert not wrong, "\n".join(wrong)


def child_differences(user, row, wanted) -> list[str]:
	found = []
	for action, group in (
		("read", roads.CHILD_READ),
		("write", roads.CHILD_WRITE),
		("delete", roads.CHILD_DELETE),
	):
		found += compare(user, row, action, group, wanted)
	return found


def differences(user, row, wanted) -> list[str]:
	"""Where a road leads to this row and should not, or should and doesn't."""
	found = []
	groups = {
		"read": roads.READ,
		"write": roads.WRITE,
		"delete": roads.DELETE,
		"email": roads.EMAIL,
		"share": roads.SHARE,
	}
	if frappe.get_meta(row.doctype).issingle:
		groups = {"write": roads.WRITE}
	elif row.like:
		groups["create"] = roads.CREATE
	if not wanted:
		groups["read"] = groups.get("read", {}) | roads.SLOW
	if "write" not in wanted:
		groups["write"] = groups["write"] | roads.WRITE_ONLY_REFUSED
	if "delete" not in wanted and "delete" in groups:
		groups["delete"] = groups["delete"] | roads.DELETE_ONLY_REFUSED
	if "print" not in wanted and "read" not in wanted:
		groups["print"] = roads.PRINT
	for action, group in groups.items():
		enough = action in wanted and (user == UNLIMITED or row.whose != MINE)
		found += compare(user, row, action, few(group) if enough else group, wanted)
	frappe.set_user(user)
	for right in ("read", "write", "delete", *OTHER_RIGHTS):
		if bool(frappe.has_permission(row.doctype, right, row.name)) is not (right in wanted):
			found.append(f"{row}: has_permission({right}) is not {right in wanted}")
	frappe.set_user("Administrator")
	return found


def few(group: dict) -> dict:
	"""The first two roads: enough where the same was let through for other rows."""
	return dict(list(group.items())[:2])


def compare(user, row, action, group, wanted) -> list[str]:
	found = []
	for name, road in group.items():
		leads = LEADS.get(action, bool)(road(user, row), row)
		undo()
		if leads is not (action in wanted):
			found.append(f"{row}: {action} by {name} is {leads}, {user}")
	return found


def is_deleted(answer, row) -> bool:
	"""That other records name it stops a deletion after it was allowed."""
	return isinstance(answer.error, frappe.LinkExistsError) or not frappe.db.exists(row.doctype, row.name)


LEADS = {
	"read": lambda led, row: led,
	"write": lambda led, row: led,
	"email": lambda led, row: led,
	"share": lambda led, row: led,
	"print": lambda led, row: led,
	"create": lambda answer, row: answer.ok,
	"delete": is_deleted,
}


def list_differences(user, doctype, rows, rights) -> list[str]:
	seen = {whose for whose, right in rights.items() if "read" in right}
	exported = {whose for whose, right in rights.items() if "export" in right}
	found = []
	for group, wanted in ((roads.LISTS, seen), (roads.EXPORTS, exported)):
		for name, road in group.items():
			answer = road(user, doctype)
			undo()
			led = {row.whose for row in rows if row.name in answer.text}
			if led != (wanted if name not in roads.EXPORTING else exported):
				found.append(f"{doctype}: {name} shows {sorted(led)}, {user}: {answer.error!r}")
	for name, road in roads.COUNTS.items():
		count = road(user, doctype)
		undo()
		if count != counted(name, user, len(seen)):
			found.append(f"{doctype}: {name} is {count}, {user}")
	return found


def counted(road, user, seen) -> int | None:
	"""What a road to a number answers; None where it is refused."""
	if not seen or (road in roads.FOR_UNLIMITED and user != UNLIMITED):
		return None
	return seen


@pytest.mark.parametrize("hook", ["permission_query_conditions", "has_permission", "auth_hooks"])
def test_without_a_guard_the_cells_are_red(scene, monkeypatch, hook):
	"""SE-1: the twin. With the conditions of lists, the check of documents or the guard taken away, it shows."""
	hooks = frappe.get_hooks()
	kept = (
		[each for each in hooks[hook] if "clinic_booking" not in str(each)]
		if hook == "auth_hooks"
		else {doctype: methods for doctype, methods in hooks[hook].items() if doctype not in DOCTYPES}
	)
	original = frappe.get_hooks
	monkeypatch.setattr(
		frappe,
		"get_hooks",
		lambda name=None, *args, **kwargs: kept if name == hook else original(name, *args, **kwargs),
	)
	user, patient = PEOPLE["Clinic Receptionist"], scene.rows["Clinic Patient", "others'"]
	rights = {
		row.whose: RECORDS["Clinic Patient", row.whose, "Clinic Receptionist"]
		for row in scene.of("Clinic Patient")
	}
	assert differences(user, patient, set()) + list_differences(
		user, "Clinic Patient", scene.of("Clinic Patient"), rights
	)
