"""The long storm: twenty thousand actions."""

import time

from tests.scenes import a_scene
from tests.storm import DEADLOCKS_PER_ACTION, Storm
from tests.truth import contradictions

ACTIONS = 20_000


def test_storm(server, capsys):
	"""RA-2, RA-3: 20,000 random holds, moves, bookings and releases over 10 doctors and 4 rooms: all is well."""
	storm = Storm(server.url, a_scene(doctors=10, rooms=4), days=30)
	started = time.monotonic()
	storm.rage(actions=ACTIONS)
	seconds = time.monotonic() - started
	with capsys.disabled():
		print(
			f"\nStorm: {storm.happened():,} actions in {seconds:.0f} s, {storm.happened() / seconds:.0f} a second"
		)
		print(f"  deadlocks, all tried again: {storm.deadlocks}")
		for (action, status), times in sorted(storm.outcomes.items()):
			print(f"  {action:<8}{status}{times:>8,}")
	assert storm.happened() >= ACTIONS
	assert storm.unexpected() == {}
	assert storm.deadlocks <= storm.happened() * DEADLOCKS_PER_ACTION
	assert contradictions() == []
