import frappe
import pytest

from tests.builders import a_block, a_clinic, a_doctor, a_service, an_exception

MONDAY = "2099-06-01"


@pytest.fixture
def clinic():
	return a_clinic()


@pytest.fixture
def elsewhere():
	return a_clinic()


@pytest.fixture
def doctor(clinic, elsewhere):
	"""Mondays 9 to 12 at `clinic`, nothing at `elsewhere`."""
	return a_doctor(
		a_service(clinic, elsewhere),
		clinics=[clinic, elsewhere],
		availability=[a_block(clinic, "Monday", "09:00", "12:00")],
	)


def between(start, end, **values):
	return {"from_date": MONDAY, "all_day": 0, "start_time": start, "end_time": end} | values


@pytest.mark.parametrize(
	("values", "why"),
	[
		(between("09:00", "12:00", kind="Open"), "choose it"),
		(between("09:00", "09:00"), "ends when it starts"),
		(between("09:01", "12:00"), "multiples of 5"),
		(between("22:00", "02:00"), "within one day"),
		(between("09:00", None), "both times"),
		(between(None, None), "both times"),
		({"from_date": MONDAY, "to_date": "2099-05-31"}, "before the first"),
		({"from_date": MONDAY, "to_date": "2199-05-31"}, "ten years"),
	],
)
def test_unclear_exception_is_refused(doctor, values, why):
	"""AV-3: dates in order, closed hours within a day, extra hours at a clinic, all on the fives."""
	with pytest.raises(frappe.ValidationError, match=why):
		an_exception(doctor, **values)


@pytest.mark.parametrize(("day", "warned"), [("2020-06-01", True), (MONDAY, False)])
def test_exception_of_the_past_is_noticed(doctor, day, warned):
	"""AV-3: it is kept, and whoever saves it is told that it changes nothing."""
	frappe.clear_messages()
	an_exception(doctor, from_date=day)
	assert ("days are over" in str(frappe.get_message_log())) == warned


def test_exception_is_at_a_clinic_of_the_doctor(doctor):
	"""AV-3: nobody is closed or open where they don't work."""
	with pytest.raises(frappe.ValidationError, match="does not work"):
		an_exception(doctor, from_date=MONDAY, clinic=a_clinic().name)


def test_closed_may_end_at_midnight_and_open_run_past_it(doctor, elsewhere):
	"""AV-2, AV-3: 22:00 to 00:00 is within a day; extra hours may be a night."""
	assert an_exception(doctor, **between("22:00", "00:00")).name
	assert an_exception(doctor, **between("22:00", "02:00", kind="Open", clinic=elsewhere.name)).name


def test_whole_days_have_no_times(doctor):
	"""AV-3: the times of an exception that became whole days are gone."""
	exception = an_exception(doctor, from_date=MONDAY, start_time="09:00", end_time="10:00")
	assert exception.start_time is None and exception.end_time is None


def test_extra_hours_stay_clear_of_another_clinics(doctor, clinic, elsewhere):
	"""AV-3: extra hours may touch or join the same clinic's, never overlap another's."""
	an_exception(doctor, **between("11:00", "13:00", kind="Open", clinic=clinic.name))
	an_exception(doctor, **between("13:00", "15:00", kind="Open", clinic=elsewhere.name))
	with pytest.raises(frappe.ValidationError, match="open at"):
		an_exception(doctor, **between("08:00", "09:05", kind="Open", clinic=elsewhere.name))
	with pytest.raises(frappe.ValidationError, match="open at"):
		an_exception(doctor, **between("14:55", "16:00", kind="Open", clinic=clinic.name))


def test_closing_makes_room_that_cannot_be_taken_back(doctor, clinic, elsewhere):
	"""AV-3, TI-6: a day closed at one clinic may be opened at another; while it is, the closing stays."""
	closing = an_exception(doctor, from_date=MONDAY, clinic=clinic.name)
	an_exception(doctor, **between("09:00", "12:00", kind="Open", clinic=elsewhere.name))
	frappe.db.savepoint("closed")
	with pytest.raises(frappe.ValidationError, match="extra hours"):
		closing.delete()
	frappe.db.rollback(save_point="closed")
	closing = frappe.get_doc("Availability Exception", closing.name)
	closing.to_date = closing.from_date = "2099-06-08"
	with pytest.raises(frappe.ValidationError, match="extra hours"):
		closing.save()
