"""The long run: twenty thousand operations by all roles at once."""

import time

from clinic_booking.booking import verify
from tests.operations import DOCTORS, GUESTS, MANAGERS, RECEPTION, a_working_clinic, broken_histories
from tests.truth import contradictions

OPERATIONS = 20_000


def test_operations(server, capsys):
	"""BK-6, BK-9, RA-5, RA-6: states by the table alone, no overlap, each claim with its owner, no fault."""
	work = a_working_clinic(server, doctors=10, rooms=4, days=20)
	started = time.monotonic()
	work.go(OPERATIONS)
	seconds = time.monotonic() - started
	with capsys.disabled():
		print(
			f"\nOperations: {work.happened():,} in {seconds:.0f} s, {work.happened() / seconds:.0f} a second"
		)
		for (operation, status), times in sorted(work.outcomes.items()):
			print(f"  {operation:<12}{status}{times:>8,}")
	assert work.odd == []
	assert work.happened() >= OPERATIONS
	assert {*GUESTS, *RECEPTION, *DOCTORS, *MANAGERS} == work.succeeded()
	assert broken_histories() == []
	assert contradictions() == []
	assert verify.report() == []
