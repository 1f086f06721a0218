"""The facts and their defaults: AV-5, AV-6, PO-1."""

from clinic_booking.scheduling.calendar import Block, Calendar, Clinic, Override, Visit

from .builders import at, visit


def test_a_doctor_s_defaults():
	"""AV-6: a grid of 15, 120 minutes ahead, 60 days at most, online."""
	facts = Calendar(())
	assert (facts.grid_minutes, facts.notice_minutes, facts.horizon_days) == (15, 120, 60)
	assert facts.online


def test_nothing_else_is_assumed():
	"""AV-3, AV-5, AV-10: no holidays, no default hours, no buffers, valid and closed for ever and everywhere."""
	assert (Clinic("north", "UTC").holidays, Clinic("north", "UTC").default_hours) == (frozenset(), None)
	assert Visit(60) == visit(60, 0, 0)
	assert {Block.valid_from, Block.valid_to, Override.start, Override.end, Override.clinic} == {None}


def test_grid_of_a_visit():
	"""AV-6: the doctor's own, and for 0 length plus both buffers."""
	assert visit(40, 5, 15).grid(15) == 15
	assert visit(40, 5, 15).grid(0) == 60


def test_clinic_by_name():
	"""AV-1: one of the doctor's, or none."""
	north, south = Clinic("north", "UTC"), Clinic("south", "UTC")
	assert Calendar((north, south)).clinic("south") is south
	assert Calendar((north, south)).clinic("west") is None


def test_earliest_and_latest():
	"""AV-6: notice in minutes, horizon in days of 24 hours."""
	calendar = Calendar(())
	assert calendar.earliest(at("2026-03-02 10:00")) == at("2026-03-02 12:00")
	assert calendar.latest(at("2026-03-02 10:00")) == at("2026-05-01 10:00")
