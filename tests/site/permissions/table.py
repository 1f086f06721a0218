"""docs/permissions.md as data: the one place that says who may do what."""

from pathlib import Path

from tests.site.permissions.scene import PEOPLE

PAGE = Path(__file__).parents[3] / "docs/permissions.md"
NOTHING = "–"


def rows(heading: str) -> list[list[str]]:
	"""The cells of the table under a heading, without its two head lines."""
	section = PAGE.read_text().split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
	lines = [line for line in section.splitlines() if line.startswith("|")]
	return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def cells(heading: str, keys: int) -> dict[tuple, set[str]]:
	"""What is allowed, by (the first `keys` columns …, role); an empty key is that of the line above."""
	found, last = {}, [""] * keys
	for line in rows(heading):
		last = [cell.strip("`") or above for cell, above in zip(line[:keys], last, strict=True)]
		for role, cell in zip(PEOPLE, line[keys:], strict=True):
			found[(*last, role)] = set() if cell == NOTHING else set(cell.replace(",", " ").split())
	return found
