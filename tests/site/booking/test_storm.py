"""A storm of twenty seconds; `bin/test load` has the long one."""

from tests.scenes import a_scene
from tests.storm import DEADLOCKS_PER_ACTION, EXPECTED, Storm
from tests.truth import contradictions


def test_storm(server):
	"""RA-2, RA-3: twenty seconds of random holds, moves, bookings and releases: no overlap, no fault, none lost."""
	storm = Storm(server.url, a_scene(doctors=10, rooms=4), days=3)
	storm.rage(seconds=20)
	assert storm.unexpected() == {}
	assert {action for action, status in storm.outcomes if status == 200} == set(EXPECTED)
	assert storm.outcomes["hold", 409] > 10
	assert storm.happened() > 300
	assert storm.deadlocks <= 5 + storm.happened() * DEADLOCKS_PER_ACTION
	assert contradictions() == []
