"""What a doctor calls about their own bookings and hours, over HTTP, and who else may (SE-1)."""

from datetime import timedelta

import frappe
import pytest

from clinic_booking.api.doctor import Hours
from tests.builders import WEEKDAYS, an_exception
from tests.scenes import a_scene, in_days, on_day
from tests.site.api.conftest import PATH
from tests.site.api.staff import error_of_staff, message
from tests.site.booking.site_scene import booked


@pytest.fixture
def scene(committed):
	return a_scene()


@pytest.fixture
def visit(scene):
	"""Noon in two days."""
	return booked(scene)


@pytest.fixture
def doctor(staff, scene):
	"""The scene's doctor, signed in."""
	return staff("Doctor", doctor=scene.doctors[0]).of("doctor")


@pytest.fixture
def strangers(staff, scene):
	"""Another doctor, the manager of another clinic, and the clinic's receptionist."""
	other = a_scene()
	people = {
		"manager": staff("Manager", other.clinic),
		"desk": staff("Receptionist", scene.clinic),
		"doctor": staff("Doctor", doctor=other.doctors[0]),
	}
	return {name: person.of("doctor") for name, person in people.items()}


def a_week(scene, start="06:00", end="22:00"):
	return [{"clinic": scene.clinic, "weekday": day, "start": start, "end": end} for day in WEEKDAYS]


def a_day(days, **more):
	return {"kind": "Closed", "from_date": in_days(days).isoformat()} | more


def test_own_appointments_page_by_page(doctor, scene):
	"""api.md, doctor calls: upcoming by start, in the clinic's zone; past ones latest first."""
	visits = [booked(scene, on_day(days, 12)) for days in (4, 2, 3)]
	first = message(doctor.get("appointments", doctor=scene.doctors[0], limit=2))
	second = message(doctor.get("appointments", doctor=scene.doctors[0], start=2))
	assert first["total"] == second["total"] == 3
	shown = [each["start"] for each in first["appointments"] + second["appointments"]]
	assert shown == [on_day(days, 12).isoformat() for days in (2, 3, 4)]
	for visit in visits[:2]:
		visit.db_set({"status": "Completed", "ends_at_utc": visit.ends_at_utc - timedelta(days=9)})
	frappe.db.commit()
	past = message(doctor.get("appointments", doctor=scene.doctors[0], period="past"))
	assert [each["appointment"] for each in past["appointments"]] == [visits[0].name, visits[1].name]


@pytest.mark.parametrize(("call", "more"), [("approve", {}), ("decline", {"reason": "Away"})])
def test_what_is_answered_says_when_as_the_lists_do(doctor, scene, call, more):
	"""BK-5, api.md, doctor calls: on the clinic's clock, like everything that staff read."""
	frappe.get_doc("Doctor", scene.doctors[0]).update({"approves_bookings": 1}).save()
	visit = booked(scene)
	answer = message(doctor.post(call, appointment=visit.name, **more))
	state = {"approve": "Confirmed", "decline": "Cancelled"}[call]
	assert answer == {"appointment": visit.name, "status": state, "start": on_day(2, 12).isoformat()}


def test_history_of_one(doctor, visit):
	"""BK-9: who, what, from what to what, and why."""
	(made,) = message(doctor.get("history", appointment=visit.name))
	assert (made["what"], made["role"], made["before"]) == ("Created", "System Manager", None)
	assert made["after"]["status"] == "Confirmed"


def test_the_week_is_read_and_replaced(doctor, scene, visit):
	"""AV-1, AV-11: what is shown can be sent back; a week that hits a visit asks first."""
	week = message(doctor.get("hours", doctor=scene.doctors[0]))["week"]
	assert {(row["start"], row["end"]) for row in week} == {("06:00", "22:00")}
	assert message(doctor.post("set_hours", doctor=scene.doctors[0], week=week))["week"] == week
	shorter = a_week(scene, end="12:15")
	error = error_of_staff(doctor.post("set_hours", doctor=scene.doctors[0], week=shorter))
	assert [hit["appointment"] for hit in error["appointments"]] == [visit.name]
	assert message(doctor.get("hours", doctor=scene.doctors[0]))["week"] == week
	answer = doctor.post(
		"set_hours", doctor=scene.doctors[0], week=shorter, affected="cancel", reason="Part time"
	)
	assert {row["end"] for row in message(answer)["week"]} == {"12:15"}
	frappe.db.rollback()
	visit.reload()
	assert (visit.status, visit.cancel_reason) == ("Cancelled", "Part time")


def test_many_exceptions_at_once_all_or_none(doctor, scene, visit):
	"""AV-3, AV-11: closed and opened times in one call; one that is wrong leaves nothing of the others."""
	extra = {"kind": "Open", "clinic": scene.clinic, "start": "22:00", "end": "23:00"}
	days = [a_day(2), a_day(3, start="10:00", end="11:00"), a_day(4, **extra)]
	asked = {"doctor": scene.doctors[0], "exceptions": days}
	error_of_staff(
		doctor.post("add_exceptions", **asked | {"exceptions": [*days[1:], a_day(5, start="10:00")]})
	)
	assert error_of_staff(doctor.post("add_exceptions", **asked))["appointments"]
	whole = {"doctor": scene.doctors[0], "from_date": in_days(0).isoformat()}
	assert message(doctor.get("exceptions", **whole)) == []
	names = message(doctor.post("add_exceptions", **asked, affected="keep"))["exceptions"]
	shown = message(doctor.get("exceptions", **whole))
	assert [row["exception"] for row in shown] == names
	assert [(row["start"], row["end"]) for row in shown] == [
		(None, None),
		("10:00", "11:00"),
		("22:00", "23:00"),
	]
	assert message(doctor.post("remove_exceptions", doctor=scene.doctors[0], exceptions=names)) == {}
	assert message(doctor.get("exceptions", **whole)) == []


def test_opened_time_taken_back_asks_first(doctor, scene):
	"""AV-11: what was booked in extra hours is hit when they go."""
	extra = a_day(2, kind="Open", clinic=scene.clinic, start="22:00", end="23:00")
	(name,) = message(doctor.post("add_exceptions", doctor=scene.doctors[0], exceptions=[extra]))[
		"exceptions"
	]
	frappe.db.rollback()
	visit = booked(scene, on_day(2, 22))
	taken = {"doctor": scene.doctors[0], "exceptions": [name]}
	error = error_of_staff(doctor.post("remove_exceptions", **taken))
	assert [hit["appointment"] for hit in error["appointments"]] == [visit.name]
	message(doctor.post("remove_exceptions", **taken, affected="keep"))


def test_conflicts_are_found_and_nothing_saved(doctor, scene, visit):
	"""AV-11: the list, as saving would say it; week and exceptions are as they were."""
	asked = {"doctor": scene.doctors[0], "add": [a_day(2)]}
	(hit,) = message(doctor.post("conflicts", **asked))["appointments"]
	assert (hit["appointment"], hit["start"]) == (visit.name, on_day(2, 12).isoformat())
	assert message(doctor.post("conflicts", **asked | {"add": [a_day(3)]})) == {"appointments": []}
	moved = message(doctor.post("conflicts", doctor=scene.doctors[0], week=a_week(scene, start="14:00")))
	assert moved["appointments"] == [hit]
	assert message(doctor.get("exceptions", doctor=scene.doctors[0], from_date=str(in_days(0)))) == []
	assert len(message(doctor.get("hours", doctor=scene.doctors[0]))["week"]) == 7


def test_preview_is_what_patients_see(doctor, scene, visit, inside):
	"""AV-13: byte for byte the public answer, however long the range."""
	asked = {
		"doctor": scene.doctors[0],
		"service": scene.visit,
		"from_date": str(in_days(0)),
		"to_date": str(in_days(61)),
	}
	shown = inside("GET", PATH + "availability", query_string=asked)
	assert doctor.get("preview", **asked).data == shown.data
	assert shown.status_code == 200
	error_of_staff(doctor.get("preview", **asked | {"to_date": str(in_days(62))}))


@pytest.mark.parametrize("who", ["doctor", "manager"])
def test_nobody_elses_hours(strangers, scene, who):
	"""IN-13, SE-1: another doctor and another clinic's manager read and change nothing."""
	day = str(in_days(1))
	calls = [*hours_calls(scene, day), *exception_calls(day)]
	assert codes(strangers[who], scene, calls) == {"ERR_NOT_FOUND"}


def test_reception_closes_and_opens_times_only(strangers, scene):
	"""SE-1, AV-3: exceptions of the clinic's doctors, but not their week, their bookings, their switch."""
	reception, day = strangers["desk"], str(in_days(1))
	assert codes(reception, scene, hours_calls(scene, day)) == {"ERR_FORBIDDEN"}
	whose = {"doctor": scene.doctors[0]}
	(name,) = message(reception.post("add_exceptions", **whose, exceptions=[a_day(2)]))["exceptions"]
	assert [row["exception"] for row in message(reception.get("exceptions", **whose, from_date=day))] == [
		name
	]
	assert message(reception.post("remove_exceptions", **whose, exceptions=[name])) == {}


def test_calls_for_a_doctor_of_two_clinics(staff, scene):
	"""SE-1: the manager of one of them changes neither the hours nor the closed days of the other."""
	other = frappe.get_doc("Clinic", a_scene().clinic)
	shared = frappe.get_doc("Doctor", scene.doctors[0])
	week = [block for block in a_week(scene) if block["weekday"] != "Friday"]
	theirs = {"clinic": other.name, "weekday": "Friday", "start": "08:00", "end": "12:00"}
	shared.append("clinics", {"clinic": other.name})
	shared.set("availability", [Hours(**block).row() for block in (*week, theirs)])
	shared.save()
	frappe.db.commit()
	manager, whose = staff("Manager", scene.clinic).of("doctor"), {"doctor": shared.name}
	error_of_staff(manager.post("set_hours", **whose, week=week), "ERR_FORBIDDEN")
	error_of_staff(manager.post("add_exceptions", **whose, exceptions=[a_day(2)]), "ERR_FORBIDDEN")
	assert message(manager.post("set_hours", **whose, week=[*week[1:], theirs]))
	day = a_day(2, clinic=scene.clinic)
	assert message(manager.post("add_exceptions", **whose, exceptions=[day]))["exceptions"]
	closed = an_exception(shared, from_date=in_days(3))
	frappe.db.commit()
	error_of_staff(manager.post("remove_exceptions", **whose, exceptions=[closed.name]), "ERR_FORBIDDEN")


def hours_calls(scene, day):
	return [
		("get", "appointments", {}),
		("get", "hours", {}),
		("get", "preview", {"service": scene.visit, "from_date": day, "to_date": day}),
		("post", "set_hours", {"week": [], "affected": "keep"}),
		("post", "conflicts", {"add": [a_day(2)]}),
		("post", "online", {"online": False}),
	]


def exception_calls(day):
	return [
		("get", "exceptions", {"from_date": day}),
		("post", "add_exceptions", {"exceptions": [a_day(2)], "affected": "keep"}),
		("post", "remove_exceptions", {"exceptions": ["x"]}),
	]


def codes(who, scene, calls):
	answers = [getattr(who, verb)(name, doctor=scene.doctors[0], **given) for verb, name, given in calls]
	return {answer.get_json()["error"]["code"] for answer in answers}


def test_of_another_doctor_no_exception_is_removed(doctor, scene):
	"""IN-10: a name of somebody else's is not there."""
	other = a_scene()
	exception = frappe.get_doc(
		doctype="Availability Exception",
		doctor=other.doctors[0],
		kind="Closed",
		from_date=in_days(2),
		to_date=in_days(2),
	).insert()
	frappe.db.commit()
	answer = doctor.post("remove_exceptions", doctor=scene.doctors[0], exceptions=[exception.name])
	error_of_staff(answer, "ERR_NOT_FOUND")
	assert frappe.db.exists("Availability Exception", exception.name)
