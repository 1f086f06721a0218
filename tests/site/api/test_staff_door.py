"""The door for whoever is signed in: roles, forms as the desk sends them, the same errors (SE-1, SE-3)."""

import json
from typing import Annotated

import frappe
import pytest
from pydantic import Field

from clinic_booking.api import door, public
from clinic_booking.inputs import Flag, Model, Number, RecordName
from tests.site.api.conftest import PATH, error_of
from tests.site.api.staff import a_user

LISTS = (frappe.whitelisted, frappe.guest_methods, frappe.xss_safe_methods)


class Row(Model):
	name: RecordName
	count: Number


@pytest.fixture
def open_door(monkeypatch, committed):
	"""A function that puts a door of the test's own beside the public calls, for the time of the test."""

	def opened(decorator, function):
		function.__module__, function.__qualname__ = public.__name__, function.__name__
		monkeypatch.setattr(public, function.__name__, decorator(function), raising=False)

	kept = [list(each) for each in LISTS]
	doors = dict(door.DOORS)
	yield opened
	for each, before in zip(LISTS, kept, strict=True):
		each[:] = before
	door.DOORS.clear()
	door.DOORS.update(doors)


def probe(
	row: Row | None = None,
	names: list[RecordName] | None = None,
	count: Annotated[Number, Field(ge=0, le=9)] = 0,
	really: Flag = False,
) -> dict:
	"""What came in."""
	return {"row": row and row.model_dump(), "names": names, "count": count, "really": really}


def test_only_its_roles_come_in(open_door, inside):
	"""SE-1: 401 for a guest, 403 for other roles, Administrator always."""
	open_door(door.desk("POST"), probe)
	manager = a_user("manager", "Clinic Manager")
	accountant = a_user("accountant", "Accounts User")
	assert inside("POST", PATH + "probe", json={}, headers=manager).status_code == 200
	error_of(inside("POST", PATH + "probe", json={}), 401, "ERR_UNAUTHORIZED")
	refused = inside("POST", PATH + "probe", json={}, headers=accountant).get_json()
	assert refused["error"]["code"] == "ERR_FORBIDDEN"
	open_door(door.patient("POST"), probe)
	assert inside("POST", PATH + "probe", json={}, headers=manager).status_code == 403


def test_the_desk_sends_forms(open_door, inside):
	"""SE-3: numbers and flags as text, lists and groups as JSON, an empty field is none."""
	open_door(door.desk("POST"), probe)
	user = a_user("desk", "Clinic Receptionist")
	form = {"row": '{"name": "A", "count": 3}', "names": '["B", "C"]', "count": "5", "really": "1"}
	answer = inside("POST", PATH + "probe", data=form, headers=user).get_json()
	expected = {"row": {"name": "A", "count": 3}, "names": ["B", "C"], "count": 5, "really": True}
	assert answer == {"message": expected}
	as_json = {"row": {"name": "A", "count": 3}, "names": ["B", "C"], "count": 5, "really": True}
	assert inside("POST", PATH + "probe", json=as_json, headers=user).get_json() == {"message": expected}
	empty = inside("POST", PATH + "probe", data={"row": "", "count": ""}, headers=user).get_json()
	assert empty["message"] == {"row": None, "names": None, "count": 0, "really": False}


def test_what_is_wrong_is_named_and_shown_on_the_desk(open_door, inside):
	"""SE-3, IN-9: the same `fields`, and a message that Frappe's desk shows by itself."""
	open_door(door.desk("POST"), probe)
	user = a_user("desk", "Clinic Receptionist")
	for options in (
		{"data": {"count": "10"}},
		{"json": {"count": 10}},
		{"json": {"count": "1"}},
		{"json": {"count": True}},
		{"data": {"count": "5' OR 1"}},
	):
		answer = inside("POST", PATH + "probe", headers=user, **options)
		assert answer.status_code == 422
		assert list(answer.get_json()["error"]["fields"]) == ["count"]
		(message,) = json.loads(answer.get_json()["_server_messages"])
		assert answer.get_json()["error"]["fields"]["count"] in json.loads(message)["message"]
	for wrong in ({"row": "{"}, {"row": '{"name": "A"}'}, {"names": '{"like": "%"}'}, {"names": "A"}):
		answer = inside("POST", PATH + "probe", headers=user, data=wrong)
		assert answer.status_code == 422, wrong


def test_a_refused_record_tells_staff_why(open_door, inside):
	"""SE-3: a controller's sentence reaches who typed it; a guest hears only that it was refused."""

	def refusing() -> dict:
		"""A rule of a record."""
		frappe.throw("The <b>room</b> belongs to another clinic")

	user = a_user("desk", "Clinic Receptionist")
	open_door(door.desk("POST"), refusing)
	answer = inside("POST", PATH + "refusing", json={}, headers=user)
	assert answer.status_code == 422
	assert answer.get_json()["error"]["message"] == "The room belongs to another clinic"
	open_door(door.public("POST"), refusing)
	assert (
		"room" not in error_of(inside("POST", PATH + "refusing", json={}), 422, "ERR_VALIDATION")["message"]
	)


def test_a_foreign_page_reaches_no_session(open_door, inside):
	"""IN-17: whoever is signed in, a foreign Origin is refused."""
	open_door(door.desk("POST"), probe)
	headers = a_user("desk", "Clinic Receptionist") | {"Origin": "https://evil.example"}
	answer = inside("POST", PATH + "probe", json={}, headers=headers)
	assert answer.status_code == 403
