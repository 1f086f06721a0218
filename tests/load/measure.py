"""How long calls take over HTTP: interleaved, from one client or several, medians and 95th percentiles."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles

from tests.line import Line

PING = "ping"


Call = Callable[[Line], None]


@dataclass
class Times:
	"""The seconds that each call took, by its name."""

	seconds: dict[str, list[float]] = field(default_factory=dict)

	def p50(self, name: str) -> float:
		return median(self.seconds[name])

	def p95(self, name: str) -> float:
		return quantiles(self.seconds[name], n=20)[-1]

	def ratio(self, name: str, to: str = PING) -> float:
		return self.p50(name) / self.p50(to)

	def table(self, title: str, columns: dict[str, Callable[[str], str]]) -> str:
		"""The times as text; `columns` are further ones, by heading."""
		lines = [
			title,
			f"  {'call':<26}{'p50 ms':>8}{'p95 ms':>8}{'x ping':>8}" + "".join(f"{c:>10}" for c in columns),
		]
		for name in self.seconds:
			figures = f"{1000 * self.p50(name):8.2f}{1000 * self.p95(name):8.2f}{self.ratio(name):8.2f}"
			lines.append(
				f"  {name:<26}{figures}" + "".join(f"{column(name):>10}" for column in columns.values())
			)
		return "\n".join(lines)


def interleaved(ping: Call, groups: list[dict[str, Call]], lines: list[Line], rounds: int) -> Times:
	"""Make every call so many times from every line, lines at the same time.

	The groups come in a new order each round, the calls of a group in theirs; `ping` comes before each call,
	so that both see the same weather.
	"""
	times = Times({name: [] for name in (PING, *(name for group in groups for name in group))})
	failures = []

	def run(line: Line, seed: int):
		order, shuffle = list(groups), random.Random(seed).shuffle
		try:
			for _round in range(rounds):
				shuffle(order)
				for group in order:
					for name, call in group.items():
						times.seconds[PING].append(timed(ping, line))
						times.seconds[name].append(timed(call, line))
		except Exception as failure:
			failures.append(failure)

	threads = [threading.Thread(target=run, args=(line, seed)) for seed, line in enumerate(lines)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	if failures:
		raise failures[0]
	return times


def timed(call: Call, line: Line) -> float:
	started = time.perf_counter()
	call(line)
	return time.perf_counter() - started
