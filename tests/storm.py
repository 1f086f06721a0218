"""A storm: many clients hold, move, book and release at random, all at once."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field

import frappe

from tests.line import at_once
from tests.scenes import Scene, on_day
from tests.visitor import Visitor

CLIENTS = 8
# How often each is tried, out of a hundred; on nothing held, a hold is tried instead.
WEIGHTS = {"hold": 45, "move": 25, "book": 12, "release": 18}
# What may come of each: 410 is a hold moved for the eleventh time.
EXPECTED = {"hold": {200, 409}, "move": {200, 409, 410}, "book": {200}, "release": {200}}


# All are tried again, but they are rare where everybody locks in the same order (docs/claims.md): rooms locked
# in two rounds made 160 of them in 8,000 actions. A few come while the table is so empty that two doctors share a gap.
DEADLOCKS_PER_ACTION = 1 / 500


@dataclass
class Storm:
	"""Random actions on the doctors and rooms of a scene; `outcomes` counts each (action, status)."""

	url: str
	scene: Scene
	days: int
	seed: int = 1
	outcomes: Counter = field(default_factory=Counter)
	deadlocks: int = 0

	def rage(self, actions: int | None = None, seconds: float | None = None) -> None:
		"""Do so many actions, or go on for so many seconds."""
		before = deadlocks_so_far()
		end = time.monotonic() + (seconds or 3600)
		share = -(-actions // CLIENTS) if actions else 10**9
		for counted in at_once(
			lambda seed=seed: self.one_client(seed, share, end) for seed in range(CLIENTS)
		):
			self.outcomes += counted
		self.deadlocks = deadlocks_so_far() - before

	def one_client(self, seed: int, actions: int, end: float) -> Counter:
		dice = random.Random(f"{self.seed} {seed}")
		visitor, tokens, counted = Visitor(self.url, self.scene), [], Counter()
		while actions and time.monotonic() < end:
			actions -= 1
			action = dice.choices(list(WEIGHTS), WEIGHTS.values())[0] if tokens else "hold"
			position = dice.randrange(len(tokens)) if tokens else 0
			if action == "hold":
				answer = self.pick(visitor, dice)
				if answer.status == 200:
					tokens.append(answer.message["token"])
			elif action == "move":
				answer = self.pick(visitor, dice, token=tokens[position])
			else:
				visitor.token = tokens.pop(position)
				answer = visitor.book() if action == "book" else visitor.release()
			counted[action, answer.status] += 1
		visitor.close()
		return counted

	def pick(self, visitor: Visitor, dice: random.Random, **token):
		"""Ask for a random time: half of them need a room, and every quarter of an hour is asked for."""
		start = on_day(dice.randint(2, 1 + self.days), dice.randint(6, 20), dice.choice((0, 15, 30, 45)))
		service = dice.choice((self.scene.visit, self.scene.room_visit))
		return visitor.hold(start, dice.choice(self.scene.doctors), service, **token)

	def unexpected(self) -> dict:
		"""Outcomes that no action may have: 500, 503, a booking refused."""
		return {
			f"{action} {status}": times
			for (action, status), times in self.outcomes.items()
			if status not in EXPECTED[action]
		}

	def happened(self) -> int:
		return sum(self.outcomes.values())


def deadlocks_so_far() -> int:
	return int(frappe.db.sql("SHOW GLOBAL STATUS LIKE 'innodb_deadlocks'")[0][1])
