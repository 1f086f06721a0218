"""Claims in all their forms, and the starts that they take: AV-5, AV-7."""

import pytest

from clinic_booking.scheduling.claims import Claim, blocked, parse

from .builders import visit

PAIRS = [(1000, 1060), (1100, 1130)]
FORMS = ("1000,1060;1100,1130", b"1000,1060;1100,1130", PAIRS, iter(PAIRS), [Claim(*pair) for pair in PAIRS])


@pytest.mark.parametrize("form", FORMS, ids=lambda form: type(form).__name__)
def test_forms_of_claims(form):
	"""AV-7: text, bytes, pairs, an iterator, claims: all are read as the same."""
	form = list(form) if not isinstance(form, str | bytes) else form
	assert parse(form) == [Claim(1000, 1060), Claim(1100, 1130)]
	assert blocked(form, visit(30), 150, 200) == blocked(PAIRS, visit(30), 150, 200) != 0


def test_an_iterator_is_read_once():
	"""AV-7: a generator of claims does as well as a list."""
	assert parse(iter(PAIRS)) == [Claim(*pair) for pair in PAIRS]
	assert blocked(iter(PAIRS), visit(30), 150, 200) == blocked(PAIRS, visit(30), 150, 200)


@pytest.mark.parametrize("nothing", [None, "", b"", [], ()])
def test_no_claims(nothing):
	"""AV-7: nothing claimed in any form."""
	assert parse(nothing) == []
	assert blocked(nothing, visit(30), 0, 100) == 0


def test_claims_with_buffers():
	"""AV-14: four numbers say which part of it are buffers; they block all the same."""
	assert parse([(1000, 1060, 5, 10)]) == [Claim(1000, 1060, 5, 10)]
	assert blocked([Claim(1000, 1060, 5, 10)], visit(30), 0, 300) == blocked(
		[(1000, 1060)], visit(30), 0, 300
	)


def test_starts_that_a_claim_takes():
	"""AV-5: 30 minutes with 5 before and 10 after can't start from 35 before to 5 after a claim (exclusive)."""
	taken = blocked([(100, 120)], visit(30, 5, 10), 0, 40)
	assert [cell * 5 for cell in range(40) if taken >> cell & 1] == list(range(65, 125, 5))


def test_claims_beyond_the_cells_asked_for():
	"""AV-7: cut off at both ends, no cell outside."""
	assert blocked([(0, 10**6)], visit(30), 100, 10) == (1 << 10) - 1
	assert blocked([(0, 400), (700, 800)], visit(30), 100, 10) == 0
	assert blocked([(0, 505)], visit(30), 100, 10) == 1
	assert blocked([(570, 600)], visit(30), 100, 10) == 1 << 9
	assert blocked([(575, 600)], visit(30), 100, 10) == 0


@pytest.mark.parametrize("text", ["1,2;", "1;2", "1,2,3", "a,b", "1,2;3", "1.5,2", "1,2,5,10"])
def test_broken_text_is_an_error(text):
	"""AV-7: a text that was cut short is never taken for fewer claims."""
	with pytest.raises(ValueError):
		blocked(text, visit(30), 0, 100)
	with pytest.raises(ValueError):
		parse(text)
