"""A call's arguments, checked by the model made from its signature."""

from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from clinic_booking.api.arguments import arguments_of, from_text
from clinic_booking.errors import NotFound, Validation
from clinic_booking.inputs import (
	TEXT,
	Consent,
	Flag,
	Instant,
	Language,
	Number,
	PatientDetails,
	RecordName,
	RequestId,
	Token,
	fields_of,
)

TOKEN = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
PATIENT = {"name": "Ana Pop", "email": "ana@example.com", "phone": "0712345678"}


def book(token: Token, patient: PatientDetails, consent: Consent, request_id: RequestId | None = None): ...


def search(
	q: RecordName | None = None,
	limit: Annotated[Number, Field(ge=1, le=50)] = 20,
	online: Flag = True,
	rooms: list[RecordName] | None = None,
	language: Language | None = None,
): ...


def checked(function, values, context=None):
	return arguments_of(function).model_validate(values, context=context).__dict__


def refused(function, values, context=None):
	with pytest.raises(ValidationError) as caught:
		checked(function, values, context)
	return fields_of(caught.value)


def test_the_function_gets_what_it_names():
	"""SE-3: types, defaults, and a group as an object."""
	got = checked(book, {"token": TOKEN, "patient": PATIENT, "consent": True})
	assert got["patient"].name == "Ana Pop"
	assert got["request_id"] is None
	assert checked(search, {}) == {"q": None, "limit": 20, "online": True, "rooms": None, "language": None}


def test_every_argument_that_is_wrong_is_named():
	"""SE-3: missing, unknown, nested."""
	found = refused(book, {"patient": {**PATIENT, "email": "x", "price": 0}, "consent": False, "admin": 1})
	assert set(found) == {"token", "patient.email", "patient.price", "consent", "admin"}


@pytest.mark.parametrize(
	("argument", "value"),
	[
		("token", [TOKEN]),
		("token", {"name": TOKEN}),
		("token", None),
		("token", 1),
		("patient", []),
		("patient", "Ana"),
		("patient", [PATIENT]),
		("patient", None),
		("patient", {**PATIENT, "name": ["like", "%"]}),
		("patient", {**PATIENT, "name": {"$ne": ""}}),
		("patient", {**PATIENT, "phone": 712345678}),
		("patient", {**PATIENT, "note": {"a": {"b": {"c": [[[[[[]]]]]]}}}}),
		("patient", {**PATIENT, "channel": "fax"}),
		("patient", {**PATIENT, "channel": ["email"]}),
		("consent", 1),
		("consent", "true"),
		("consent", "yes"),
		("consent", [True]),
		("consent", None),
		("request_id", "1"),
		("request_id", 1),
		("request_id", "{" + "a" * 34 + "}"),
		("request_id", "00000000000000000000000000000000"),
	],
)
def test_another_type_is_refused(argument, value):
	"""IN-9: arrays for strings, objects for ids, filters for names, `true` for 1."""
	values = {"token": TOKEN, "patient": PATIENT, "consent": True, argument: value}
	found = refused(book, values)
	assert len(found) == 1
	assert next(iter(found)).startswith(argument)


@pytest.mark.parametrize("limit", ["20", True, 20.0, 0, -1, 51, 10**30, [20], None, "20.0"])
def test_json_has_types_of_its_own(limit):
	"""IN-9, IN-10: "20" and true are not 20, nor are 0, -1 and huge ones in range."""
	assert set(refused(search, {"limit": limit})) == {"limit"}


def test_text_may_be_a_number_where_everything_is_text():
	"""SE-3: a query string knows nothing else."""
	assert checked(search, {"limit": "50", "online": "0"}, TEXT)["limit"] == 50
	assert checked(search, {"online": "false"}, TEXT)["online"] is False
	for limit in ("", " 20", "2_0", "20.0", "1e1", "٢٠", "0x10", "9" * 20, "51"):
		assert set(refused(search, {"limit": limit}, TEXT)) == {"limit"}


def test_an_empty_field_of_a_form_is_none_and_groups_come_as_json():
	"""SE-3: how the desk and a form without script send them."""
	arguments = arguments_of(search)
	assert from_text(arguments, {"q": "", "limit": "5", "rooms": '["A"]', "x": ""}) == {
		"limit": "5",
		"rooms": ["A"],
		"x": "",
	}
	with pytest.raises(Validation):
		from_text(arguments, {"rooms": "[" * 100_000})
	with pytest.raises(Validation):
		from_text(arguments, {"rooms": "nonsense"})


@pytest.mark.parametrize(
	"token", ["", "x", TOKEN[:10], TOKEN + "=", TOKEN + "\n", "é" * 43, "x" * 5000, "\ud800" * 20]
)
def test_a_token_that_cannot_be_one_looks_like_a_wrong_one(token):
	"""IN-14: cut or altered, the answer is the stranger's."""
	with pytest.raises(NotFound):
		checked(book, {"token": token, "patient": PATIENT, "consent": True})


def test_a_request_id_is_the_same_in_either_case():
	"""SE-3: RFC 9562 writes lower case and reads both."""
	written = "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"
	values = {"token": TOKEN, "patient": PATIENT, "consent": True, "request_id": written}
	assert checked(book, values)["request_id"] == written.lower()


@pytest.mark.parametrize(("typed", "kept"), [("ro", "ro"), ("pt-BR", "pt-BR"), ("zh_Hant", "zh-Hant")])
def test_a_language_is_a_code(typed, kept):
	"""SE-3: as browsers and Frappe write them."""
	assert checked(search, {"language": typed})["language"] == kept
	assert set(refused(search, {"language": "../" + typed})) == {"language"}


def test_an_argument_without_a_type_is_a_mistake_of_ours():
	"""IN-11: found when the module is loaded, not when a guest calls."""

	def untyped(name, other: RecordName): ...

	def greedy(**everything: RecordName): ...

	for function in (untyped, greedy):
		with pytest.raises(TypeError):
			arguments_of(function)


def test_findings_are_few_and_short():
	"""IN-9: a thousand unknown arguments with long names make a short answer."""
	found = refused(search, {f"{number}{'x' * 1000}": 1 for number in range(1000)})
	assert len(found) <= 20
	assert max(map(len, found)) <= 80


def test_an_instant_in_a_call():
	"""TI-9: the model uses the same type."""

	def hold(start: Instant): ...

	assert checked(hold, {"start": "2026-03-02T09:00:00+02:00"})["start"].hour == 7
	assert set(refused(hold, {"start": "2026-03-02T09:00:00"})) == {"start"}
