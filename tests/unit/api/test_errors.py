"""The tree of errors is the list of codes (spec, Errors)."""

import pytest

from clinic_booking import errors

CODES = {
	"ERR_SLOT_CONFLICT": 409,
	"ERR_TIME_WINDOW": 422,
	"ERR_VALIDATION": 422,
	"ERR_HOLD_EXPIRED": 410,
	"ERR_MAX_RESCHEDULES": 409,
	"ERR_DUP_EMAIL": 409,
	"ERR_PAYMENT_FAILED": 402,
	"ERR_NOT_FOUND": 404,
	"ERR_FORBIDDEN": 403,
	"ERR_RATE_LIMITED": 429,
	"ERR_UNAUTHORIZED": 401,
	"ERR_UNAVAILABLE": 503,
	"ERR_INTERNAL": 500,
}


def test_each_code_is_one_class_with_its_status():
	"""SE-3: the codes and statuses of the specification."""
	assert {kind.code: kind.status for kind in errors.BookingError.__subclasses__()} == CODES


@pytest.mark.parametrize("kind", errors.BookingError.__subclasses__())
def test_an_error_knows_its_answer_and_tells_no_more(kind):
	"""SE-5: what a log would print of it is the code."""
	error = kind("REF") if kind is errors.Internal else kind()
	answer = error.as_dict()
	assert answer["code"] == kind.code
	assert answer["message"]
	assert str(error) == kind.code


def test_facts_are_members_of_the_answer():
	"""SE-3: `fields`, `alternatives`, `retry_after`."""
	assert errors.Validation(fields={"start": "Off the grid."}).as_dict()["fields"] == {
		"start": "Off the grid."
	}
	assert errors.SlotConflict([{"start": "x"}]).as_dict()["alternatives"] == [{"start": "x"}]
	assert errors.RateLimited(7).as_dict()["retry_after"] == 7
	assert errors.TimeWindow(reason="notice").as_dict()["reason"] == "notice"
