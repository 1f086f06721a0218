"""Sets of cells: against Python's own sets."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from clinic_booking.scheduling import cells

from .strategies import examples

sets = st.frozensets(st.integers(0, 70))


def bits(members):
	return sum(1 << member for member in members)


def members(number):
	return [cell for cell in range(number.bit_length()) if number >> cell & 1]


def test_cells_of_minutes():
	"""TI-8: a minute's own cell, and the first that begins at or after it; before 1970 too."""
	assert [cells.cell_of(minute) for minute in (-6, -5, -1, 0, 4, 5, 9, 10)] == [-2, -1, -1, 0, 0, 1, 1, 2]
	assert [cells.cell_after(minute) for minute in (-6, -5, -1, 0, 4, 5, 9, 10)] == [-1, -1, 0, 0, 1, 1, 2, 2]


def test_run():
	"""TI-4: as many as asked for, none of nothing or less."""
	assert [cells.run(count) for count in (-1, 0, 1, 3)] == [0, 0, 1, 7]


@examples(50)
@given(sets, st.integers(-80, 80), st.integers(-80, 80))
def test_cut(chosen, start, end):
	"""TI-4: what lies within, counted from the beginning of the cut."""
	expected = [cell - start for cell in sorted(chosen) if start <= cell < end]
	assert members(cells.cut(bits(chosen), start, end)) == expected


@examples(50)
@given(st.integers(-5, 60), st.integers(1, 20))
def test_comb(count, step):
	"""AV-6: every step-th from the first on."""
	assert members(cells.comb(count, step)) == list(range(0, count, step))


@examples(50)
@given(sets, st.integers(1, 12))
def test_starts_of_runs(chosen, count):
	"""AV-7: those from which `count` in a row are there."""
	expected = [cell for cell in sorted(chosen) if all(cell + n in chosen for n in range(count))]
	assert members(cells.starts_of_runs(bits(chosen), count)) == expected


@examples(50)
@given(sets, st.integers(0, 5))
def test_first_each_lowest_highest(chosen, count):
	"""AV-12: in order, from either end."""
	assert list(cells.each(bits(chosen))) == sorted(chosen)
	assert members(cells.lowest(bits(chosen), count)) == sorted(chosen)[:count]
	assert members(cells.highest(bits(chosen), count)) == sorted(chosen)[::-1][:count][::-1]
	if chosen:
		assert cells.first(bits(chosen)) == min(chosen)


@examples(50)
@given(sets)
def test_runs(chosen):
	"""TI-4: stretches that don't touch, and together are the set."""
	found = list(cells.runs(bits(chosen)))
	assert [cell for start, end in found for cell in range(start, end)] == sorted(chosen)
	assert all(first[1] < second[0] for first, second in pairwise(found))
