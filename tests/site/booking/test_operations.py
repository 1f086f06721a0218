"""Everybody at once; `bin/test load` has the long one."""

from clinic_booking.booking import verify
from tests.operations import DOCTORS, GUESTS, MANAGERS, RECEPTION, a_working_clinic, broken_histories
from tests.truth import contradictions


def test_five_hundred_operations(server):
	"""BK-6, BK-9, RA-5: by all roles at once: states by the table alone, each claim with its owner, no fault."""
	work = a_working_clinic(server)
	work.go(500)
	assert work.odd == []
	assert work.happened() >= 500
	assert {*GUESTS, *RECEPTION, *DOCTORS, *MANAGERS} - work.succeeded() <= {"decline", "no show"}
	assert broken_histories() == []
	assert contradictions() == []
	assert verify.report() == []
