"""Every function of ours that HTTP can reach, found in the code: none is forgotten."""

import ast
import importlib
import pkgutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import frappe
import pytest

import clinic_booking
from clinic_booking.api.door import DOORS
from tests.site.api.conftest import PATIENT, Api, counts, error_of

ROOT = Path(clinic_booking.__file__).parent
LIMITS = {"read", "hold", "book", "receipt", "resend"}
ODD = [
	"",
	"x",
	"0",
	"-1",
	"9" * 40,
	"' OR 1=1 -- ",
	"null",
	"[]",
	'{"a": 1}',
	"../../etc/passwd",
	"{{7*7}}",
	"%00",
	"é\u202e",
]
# Longer than a call takes on any machine.
SLEEP = 50
TYPES = [None, True, 0, -1, 10**30, 1e308, [], ["x"], {}, {"like": "%"}, [[[[]]]]]
SQL = [
	"'",
	'"',
	"`",
	"\\",
	"' OR '1'='1",
	"1; DROP TABLE `tabClinic`; --",
	"') UNION SELECT name FROM tabUser -- ",
	f"' AND SLEEP({SLEEP}) -- ",
	"%' AND 1=1 AND '%'='",
	"%s %(name)s {0}",
	"a\x1a\x08",
]


def load_everything():
	for module in pkgutil.walk_packages([str(ROOT)], "clinic_booking."):
		if ".patches." not in module.name and not module.name.rpartition(".")[2].startswith("test_"):
			importlib.import_module(module.name)


def whitelisted():
	load_everything()
	return [function for function in frappe.whitelisted if function.__module__.startswith("clinic_booking")]


def sources():
	return [path for path in ROOT.rglob("*.py") if "node_modules" not in path.parts]


def test_every_call_is_behind_a_door():
	"""IN-11: registered by our decorators, typed, limited, and nothing whitelisted beside them."""
	functions = whitelisted()
	assert {f"{function.__module__}.{function.__qualname__}" for function in functions} == set(DOORS)
	assert any(door.public for door in DOORS.values())
	for function in functions:
		door = function.door
		assert door.public == (function in frappe.guest_methods)
		assert door.public == (function in frappe.xss_safe_methods)
		assert door.limit in LIMITS if door.public and not door.as_it_came else door.limit is None
		assert door.function.__doc__, door.name


def test_nothing_is_whitelisted_in_the_source_but_in_the_door():
	"""IN-11: also not a method of a document, which no registry knows."""
	found = []
	for path in sources():
		for node in ast.walk(ast.parse(path.read_text())):
			if (
				isinstance(node, ast.Attribute | ast.Name)
				and getattr(node, "attr", getattr(node, "id", "")) == "whitelist"
			):
				found.append(path.relative_to(ROOT).as_posix())
	assert found == ["api/door.py"]


def guesses(door, practice, token):
	"""Arguments of a call that fit its names as well as can be guessed."""
	known = {
		"doctor": practice.doctor,
		"service": practice.service,
		"clinic": practice.clinic,
		"slug": practice.slug,
		"token": token,
		"from_date": "2099-01-01",
		"to_date": "2099-01-05",
		"start": "2099-01-01T09:00:00Z",
		"patient": PATIENT,
		"consent": True,
	}
	return {name: known.get(name, "x") for name in door.arguments.model_fields}


@pytest.fixture
def held(practice, api):
	"""The token of a hold of this guest's."""
	whitelisted()
	return api.hold(practice, api.slots(practice)[0]["start"]).json()["message"]["token"]


def send(api, door, verb, values):
	path = f"/api/method/{door.name}"
	if verb == "GET":
		return api.session.get(path, params={name: value for name, value in values.items() if value != ""})
	return api.session.post(path, json=values)


def harmless(response, for_staff=False):
	assert response.status_code != 500, response.text[:1000]
	for word in ("Traceback", 'File "', "exc_type", "pymysql", "SELECT ", "tabUser"):
		assert word not in response.text, response.text[:1000]
	assert for_staff or "_server_messages" not in response.text


def test_a_guest_who_calls_everything_gets_answers_not_faults(practice, api, held):
	"""IN-11: by GET, POST and form, with nothing and with all: no 500, no traceback; doors for others stay shut."""
	before = counts()
	for door in DOORS.values():
		for values in ({}, guesses(door, practice, held)):
			form = api.session.post(f"/api/method/{door.name}", data={k: str(v) for k, v in values.items()})
			for verb, response in (
				("GET", send(api, door, "GET", values)),
				("POST", send(api, door, "POST", values)),
				("POST", form),
			):
				harmless(response)
				if verb != door.verb:
					error_of(response, 405, "ERR_VALIDATION")
				elif not door.public:
					error_of(response, 401, "ERR_UNAUTHORIZED")
				elif door.as_it_came:
					assert response.status_code in (403, 404)
				elif response is form:
					error_of(response, 422, "ERR_VALIDATION")
				elif response.status_code != 200:
					assert set(response.json()) == {"error"}
	assert_untouched(before, "User", "DocType", "Clinic", "Clinic Service", "Doctor", "Singles", "Error Log")


def test_odd_values_in_every_argument_of_every_call(practice, server, api, held):
	"""IN-9, IN-10, IN-5, IN-6: wrong types, ids of nobody, SQL, template braces; each answered, none a fault.

	Behind the doors for staff and patients the Administrator tries.
	"""
	staff = server.client().login("Administrator")
	staff.get("/api/method/ping")
	before = counts()

	def try_all(door, name, right):
		client = Api(server.client())
		if not door.public:
			client.session.cookies.update(staff.cookies)
		for value in [*ODD, *SQL, *TYPES]:
			response = send(client, door, door.verb, right | {name: value})
			harmless(response, for_staff=not door.public)
			assert response.status_code in (200, 404, 409, 410, 422), response.text[:500]
			assert response.elapsed.total_seconds() < SLEEP, (door.name, name, value)

	with ThreadPoolExecutor(4) as threads:
		tried = [
			threads.submit(try_all, door, name, guesses(door, practice, held))
			for door in DOORS.values()
			for name in door.arguments.model_fields
		]
	for each in tried:
		each.result()
	assert_untouched(before, "User", "DocType", "Error Log")


def assert_untouched(before, *doctypes):
	after = counts()
	for doctype in doctypes:
		assert after[doctype] == before[doctype], doctype


def test_sql_in_every_text_a_patient_types_is_kept_as_text(practice, api):
	"""IN-5, IN-6: it comes back as it was, and the tables are there."""
	slots = api.slots(practice)
	for number, text in enumerate(text for text in SQL[:-1] if len(text) > 1):
		token = api.booked(practice, slots[number * 3]["start"], name=f"Ana {text}", note=text)
		frappe.db.rollback()
		name = frappe.db.get_value("Clinic Appointment", {"contact_name": f"Ana {text}".strip()}, "name")
		assert name, text
		assert api.get("booking", token=token).status_code == 200
