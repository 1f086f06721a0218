"""The modules of the booking page, each by itself, in the browser they run in."""

import re
from datetime import datetime, timezone

import frappe
import pytest

from clinic_booking import formats
from clinic_booking.errors import Validation
from clinic_booking.inputs import e164
from tests import builders

# Where the offset is none, negative, of half an hour, of a quarter; summer and winter.
ZONES = ("UTC", "Europe/Madrid", "America/St_Johns", "Asia/Kathmandu", "Pacific/Auckland", "America/New_York")
INSTANTS = (datetime(2026, 1, 15, 12, tzinfo=timezone.utc), datetime(2026, 7, 15, 22, tzinfo=timezone.utc))


@pytest.fixture
def run(page):
	"""A function that runs the body of a function on a booking page, with a module at hand as `module`."""
	clinic = builders.a_clinic()
	visit = builders.a_service(clinic)
	doctor = builders.a_doctor(visit, clinics=[clinic])
	frappe.db.commit()
	page.goto(f"/book/{doctor.slug}/{visit.name}")

	def evaluate(module, body, argument=None):
		return page.evaluate(
			f"""async (argument) => {{
				const module = await import("/assets/clinic_booking/js/booking/{module}.js");
				const root = document.querySelector("[data-module=clinic-booking]");
				{body}
			}}""",
			argument,
		)

	return evaluate


def test_time_and_zone_read_the_same_on_both_sides(run):
	"""TI-13, TI-11: the browser says the same hour and offset as the server, summer and winter."""
	asked = [[at.isoformat(), zone] for zone in ZONES for at in INSTANTS]
	shown = run(
		"words",
		"""const words = new module.Words(root);
		words.zones = Object.fromEntries(argument.map(([_, zone]) => [zone, "Place"]));
		return argument.map(([start, zone]) => [words.time(start, zone), words.zone(start, zone)]);""",
		asked,
	)
	for (start, zone), (time, name) in zip(asked, shown, strict=True):
		at = formats.in_zone(datetime.fromisoformat(start), zone)
		assert (time, name) == (formats.clock(at), f"Place time ({formats.offset(at)})")


@pytest.mark.parametrize(
	("seconds", "text"), [(1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (61, "2 minutes")]
)
def test_what_is_left_is_said_in_minutes_then_seconds(run, seconds, text):
	"""BK-2: never more than there is, rounded as people say it."""
	assert run("words", "return new module.Words(root).duration(argument);", seconds) == text


def test_money_has_the_currencys_decimals(run):
	"""MO-15: two, none or three; nothing is free."""
	prices = [{"amount": "35.00", "currency": "EUR"}, {"amount": "3500", "currency": "JPY"}]
	prices += [{"amount": "1.250", "currency": "KWD"}, {"amount": "0.00", "currency": "EUR"}]
	shown = run(
		"words",
		"const words = new module.Words(root); return argument.map((each) => words.money(each));",
		prices,
	)
	assert [re.sub(r"[\s\xa0]", "", text) for text in shown] == ["€35.00", "JP¥3,500", "KWD1.250", "Free"]


@pytest.mark.parametrize(
	("module", "body", "error"),
	[
		("parts", "module.part(root, 'nothing');", 'no part "nothing"'),
		("words", "new module.Words(root).say('nothing');", 'no text "nothing"'),
	],
)
def test_what_is_missing_is_named(run, module, body, error):
	"""BK-1: a page that does not fit its modules says what it lacks."""
	assert error in run(module, f"try {{ {body} }} catch (problem) {{ return problem.message; }}")


def test_request_ids_are_uuids_and_never_the_same(run):
	"""RA-4: also over plain HTTP, where browsers offer no `randomUUID`."""
	ids = run("api", "crypto.randomUUID = undefined; return Array.from({ length: 100 }, module.requestId);")
	assert len(set(ids)) == 100
	assert all(
		re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", each)
		for each in ids
	)


def test_clock_that_is_wrong_shows_no_time_as_kept_that_is_not(run):
	"""BK-2: what is left is counted from the server's clock, not the visitor's."""
	left = run(
		"held-time",
		"""const held = new module.HeldTime("doctor", "service");
		const hour = 3600 * 1000;
		const answer = { token: "t", start: "2026-01-01T09:00:00Z", clinic: "c", price: null, terms: null };
		return [-hour, 0, hour].map((ahead) => {
			answer.expires_at = new Date(Date.now() + ahead + 600 * 1000).toISOString();
			held.keep({ message: answer, ahead });
			return Math.round(held.millisecondsLeft() / 1000);
		});""",
	)
	assert left == [600, 600, 600]


def test_held_time_of_yesterday_is_forgotten(run):
	"""BK-2: what lapsed long ago is not offered again."""
	assert run(
		"held-time",
		"""const held = new module.HeldTime("doctor", "service");
		const day = 24 * 3600 * 1000;
		const old = { token: "t", start: "2026-01-01T09:00:00Z", clinic: "c", lapsesAt: 1, keptAt: Date.now() - day };
		localStorage.setItem(held.key, JSON.stringify(old));
		const first = held.read();
		localStorage.setItem(held.key, "{broken");
		return [first, new module.HeldTime("doctor", "service").read()];""",
	) == [None, None]


NUMBERS = (
	*(
		"611 222 333",
		"+34 611 222 333",
		"0034611222333",
		"34611222333",
		"(+34) 911-234-567",
		"611222",
		"+34 000",
	),
	*(
		"0722 310 455",
		"0722333444",
		"722310455",
		"+40 (0)722 310 455",
		"020 7946 0850",
		"+44 20 7946 0850",
		"07700 900 118",
	),
	*(
		"+1 202 555 0143",
		"001 202 555 0143",
		"+33612304578",
		"+49 30 901820",
		"+290 51234",
		"+999999",
		"12",
		"٦١١٢٢٢٣٣٣",
	),
	*(
		"+34 6112223334",
		"6112223334",
		"61122233",
		"555-CALL",
		"+34 611 222 333 x12",
		"0",
		"+",
		"６１１２２２３３３",
	),
)


@pytest.mark.parametrize("country", ["ES", "RO", "GB", "FR", "US", "DE"])
def test_phone_the_page_refuses_the_server_refuses_too(run, country):
	"""IN-2: the page's light check never turns away a number that could be one, and catches most that can't."""
	shown = run(
		"phone",
		"const [numbers, country] = argument; return numbers.map((each) => module.mayBePhone(each, country));",
		[NUMBERS, formats.phone_lengths(country)],
	)
	taken = [is_phone(number, country) for number in NUMBERS]
	assert [number for number, may, is_ in zip(NUMBERS, shown, taken, strict=True) if is_ and not may] == []
	assert shown.count(False) >= 6


@pytest.mark.parametrize("country", ["ES", "RO", "GB", "FR", "US", "DE"])
def test_phone_is_checked_as_the_number_that_the_server_makes_of_it(run, country):
	"""IN-2: with the code of the clinic's country, unless it names its own: it may be meant as one of another."""
	taken = [number for number in NUMBERS if is_phone(number, country) and number.isascii()]
	shown = run(
		"phone",
		"const [numbers, country] = argument; return numbers.map((each) => module.inFull(each, country));",
		[taken, formats.phone_lengths(country)],
	)
	for number, full in zip(taken, shown, strict=True):
		names_country = number.startswith(("+", "(+", "00"))
		assert full == number if names_country else "+" + re.sub(r"\D", "", full) == e164(number, country)


def is_phone(number, country):
	try:
		return bool(e164(number, country))
	except Validation:
		return False
