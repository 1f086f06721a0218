"""The pages as they leave the server, from a clinic in memory: whole, escaped, in one piece."""

import json
import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest

from clinic_booking.brand import Brand
from clinic_booking.brand import brand as brand_of
from clinic_booking.pages import (
	appointment,
	booking,
	doctor,
	doctors,
	environment,
	sharing,
)
from clinic_booking.pages.assets import Assets
from clinic_booking.pages.page import Asked, Page
from tests.unit.pages.reader import MADRID, NOW, Reader

HOUR = timedelta(hours=1)
VOID = {"br", "hr", "img", "input", "link", "meta"}
HOSTILE = "<script>alert(1)</script>\"'&{{ 77 * 1001 }}{% x %}"


def having(asked, **query):
	return Asked({**asked.query, **query}, asked.language, asked.now)


def standing(read, status, **facts):
	"""The clinic with its booking in another state."""
	booking = {**read.booking("right"), "status": status, **facts}
	read.booking = lambda token: booking
	return read


ACCOUNT = {
	"account_holder": HOSTILE,
	"account": "ES91 2100 0418 4502 0005 1332",
	"bic": "CAIXESBB",
	"reference": "K7QM4XWD",
	"text": "",
}


def waiting(read, **payment):
	"""The clinic with its booking waiting for its payment, one of them begun."""
	booking = read.booking("right")
	begun = {
		"state": "Open",
		"method": "stripe",
		"amount": booking["price"],
		"problem": None,
		"instructions": None,
	}
	begun |= payment
	more = {"due": True, "methods": ["bank_transfer", "stripe"], "until": NOW + HOUR, "payment": begun}
	return standing(
		read,
		"Awaiting Payment",
		to_pay=booking["to_pay"] | more,
		can=booking["can"] | {"pay": True},
		news=None,
	)


PAGES = {
	"doctors": lambda asked, read: doctors.show(asked, read),
	"doctor": lambda asked, read: doctor.show(asked, read, "ana"),
	"booking": lambda asked, read: booking.show(asked, read, "ana", "visit"),
	"video": lambda asked, read: booking.show(asked, read, "ana", "call"),
	"appointment": lambda asked, read: appointment.show(asked, read, "right"),
	"move": lambda asked, read: appointment.show(having(asked, change="move"), read, "right"),
	"moving": lambda asked, read: appointment.show(
		having(asked, change="move", start="2026-11-23T09:30:00+01:00"), read, "right"
	),
	"cancel": lambda asked, read: appointment.show(having(asked, change="cancel"), read, "right"),
	"rate": lambda asked, read: appointment.show(asked, standing(read, "Completed"), "right"),
	"to pay": lambda asked, read: appointment.show(asked, waiting(read), "right"),
	"transfer": lambda asked, read: appointment.show(
		asked, waiting(read, method="bank_transfer", instructions=ACCOUNT), "right"
	),
	"failed to pay": lambda asked, read: appointment.show(asked, waiting(read, state="Failed"), "right"),
	"processing": lambda asked, read: appointment.show(asked, waiting(read, state="Processing"), "right"),
	"news": lambda asked, read: appointment.show(asked, standing(read, "Confirmed", news=True), "right"),
	"not found": lambda asked, read: Page(
		"problem.html", {"kind": "not_found", "clinics": [MADRID]}, personal=True
	),
	"method": lambda asked, read: Page("problem.html", {"kind": "method", "clinics": [MADRID]}),
	"failed": lambda asked, read: Page("problem.html", {"kind": "failed", "clinics": [MADRID]}),
}


class Elements(HTMLParser):
	"""Reads a page and insists that every element is closed where it should be."""

	def __init__(self, html):
		super().__init__()
		self.open, self.found, self.text = [], [], []
		self.feed(html)
		assert self.open == []

	def handle_starttag(self, tag, attributes):
		names = [name for name, _value in attributes]
		assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
		self.found.append((tag, dict(attributes)))
		if tag not in VOID:
			self.open.append(tag)

	def handle_endtag(self, tag):
		assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"

	def handle_data(self, text):
		self.text.append(text)

	def all(self, attribute):
		return [values[attribute] for _tag, values in self.found if attribute in values]


def render(name, read=None, translate=str, csrf_token=None, brand=None, written_in=(), **query):
	asked = Asked(query, "en", NOW)
	page = PAGES[name](asked, read or Reader([date(2026, 11, 23)]))
	template = environment.make("en", translate, Assets()).get_template(page.template)
	return template.render(
		**page.facts,
		brand=brand or Brand(),
		sharing=sharing.of(page, asked, sharing.Site("https://clinic.example")),
		languages=written_in,
		hidden=page.personal and not page.listed,
		csrf_token=csrf_token,
	)


@pytest.mark.parametrize("name", PAGES)
def test_page_is_correct_html(name):
	"""UI-1: every element closed, every id once, every reference to an id leads somewhere."""
	page = Elements(render(name))
	ids = page.all("id")
	assert len(ids) == len(set(ids))
	referring = [*page.all("for"), *page.all("aria-labelledby"), *page.all("aria-describedby")]
	assert {each for reference in referring for each in reference.split()} <= set(ids)
	headings = [tag for tag, _attributes in page.found if re.fullmatch(r"h[1-6]", tag)]
	assert "h1" in headings


@pytest.mark.parametrize("name", ["doctors", "doctor", "booking", "appointment"])
def test_phone_number_is_on_every_step(name):
	"""UI-1: whoever is lost can call."""
	assert 'href="tel:+34911234567"' in render(name)


@pytest.mark.parametrize("name", ["doctors", "doctor", "booking", "appointment"])
def test_hostile_words_stay_words(name):
	"""IN-4, IN-6: what a doctor's record says is shown letter for letter, and nothing of it runs."""
	texts = dict.fromkeys(("name", "bio", "credentials", "education", "expertise", "approach"), HOSTILE)
	read = Reader([date(2026, 11, 23)], **texts, faq=[{"question": HOSTILE, "answer": HOSTILE}])
	read.ana["services"][0].update(name=HOSTILE, description=HOSTILE)
	read.ana["specialties"][0] = {"name": "x", "title": HOSTILE}
	html = render(name, read, q=HOSTILE)
	page = Elements(html)
	assert scripts(page) == scripts(Elements(render(name, Reader([date(2026, 11, 23)]), q="ana")))
	assert "{{ 77 * 1001 }}" in html and "77077" not in "".join(page.text)


def scripts(page):
	return [attributes for tag, attributes in page.found if tag == "script"]


def test_hostile_words_stay_in_their_data_block():
	"""IN-4: a clinic's title can't end the block of texts for the modules."""
	read = Reader([date(2026, 11, 23)])
	read.ana["clinics"][0] = {**read.ana["clinics"][0], "title": "</script><script>alert(1)</script>"}
	block = re.search(r'data-part="words">(.*?)</script>', render("booking", read), re.S)[1]
	assert json.loads(block)["clinics"]["madrid"]["title"].startswith("</script><script>alert(1)")


def test_every_text_goes_through_translation():
	"""UI-1: no words of ours reach a page untranslated."""
	html = render("booking", translate=lambda text: re.sub("[A-Za-z]+", "ж", text))
	visible = " ".join(Elements(re.sub(r"<script.*?</script>", "", html, flags=re.S)).text)
	own = set(re.findall(r"[A-Za-z]{3,}", visible))
	data = "Ana Popescu Visit Madrid Bucharest agree UTC You can cancel minutes before"
	dates = "Saturday Sunday Monday Tuesday Wednesday Thursday Friday Sat Sun Mon Tue Wed Thu Fri Nov November December January"
	assert own <= {*data.split(), *dates.split()}


def test_text_of_the_page_is_translated_when_it_is_compiled():
	"""UI-1: escaped like any other text; what is computed is translated when it is shown."""
	template = environment.make("de", {"No": "<Nein>", "Yes": "Ja"}.get, Assets()).from_string(
		"{{ _('No') }} {{ _(answer) }}"
	)
	assert template.render(answer="Yes") == "&lt;Nein&gt; Ja"


def test_session_token_is_there_for_who_is_signed_in():
	"""SE-6: the modules find the session's CSRF token, guests have none."""
	assert '<meta name="csrf-token" content="secret">' in render("booking", csrf_token="secret")
	assert "csrf-token" not in render("booking")


def test_empty_list_says_so_and_offers_the_way_out():
	"""UI-1: nothing found is not an error."""
	read = Reader()
	read.doctors = lambda **asked: {"doctors": [], "total": 0}
	html = render("doctors", read, q="nobody")
	assert "No doctor matches what you are looking for." in html
	assert 'href="/book">Show all doctors' in html


def test_days_without_a_time_lead_to_the_next_free_one():
	"""AV-12: nothing free in these days, and here is when."""
	html = render("booking", Reader([date(2026, 12, 22)]))
	assert "There is no free time on these days." in html
	assert "Next free time: Tuesday, December 22, 09:00" in html


@pytest.mark.parametrize(
	("status", "heading", "can_change"),
	[
		("Held", "Not booked yet", True),
		("Awaiting Payment", "Waiting for your payment", True),
		("Requested", "Your request has been sent", True),
		("Confirmed", "Your appointment is booked", True),
		("Checked In", "You have arrived", True),
		("Completed", "This visit is over", False),
		("No Show", "This visit was missed", False),
		("Cancelled", "This appointment is cancelled", False),
		("Expired", "This time was not booked", False),
	],
)
def test_booking_says_how_it_stands(status, heading, can_change):
	"""BK-6, BK-7: every state in words, with the policy as long as it can matter."""
	read = waiting(Reader()) if status == "Awaiting Payment" else standing(Reader(), status)
	html = render("appointment", read)
	assert f">{heading}</h1>" in html
	assert ("You can cancel up to 60 minutes before." in html) is can_change


def test_cancelled_appointment_leaves_the_calendar_too():
	"""BK-7: what never was one has no file."""
	taken_back = standing(Reader(), "Cancelled", taken_back=True)
	assert "Take it out of your calendar" not in render("appointment", standing(Reader(), "Cancelled"))
	assert "Take it out of your calendar" in render("appointment", taken_back)


@pytest.mark.parametrize(
	("by", "text"),
	[
		("credit", "€35.00 is your credit with the clinic, for a later visit."),
		("sent", "€35.00 goes back to you the way it was paid. Banks can take some days."),
		("gone", "€35.00 was sent back to you the way it was paid. Banks can take some days."),
		("desk", "€35.00 waits for you at the clinic."),
		("handed out", "€35.00 was given back to you at the clinic."),
		("failed", "€35.00 could not be sent back to you. Please call the clinic."),
		("late", "Nothing of the €35.00 paid comes back: that was possible until"),
		("unpaid", "Nothing was paid, and nothing is owed."),
	],
)
def test_cancelled_appointment_says_what_becomes_of_the_money(by, text):
	"""PO-3: what goes back, by which way, or that nothing does."""
	back = {"amount": "35.00", "currency": "EUR", "by": by}
	html = render("appointment", standing(Reader(), "Cancelled", taken_back=True, comes_back=back))
	assert text in html
	assert "outcome__text" in html.split(text)[0][-60:]
	free = standing(Reader(), "Cancelled", taken_back=True, comes_back=None)
	assert "paid" not in render("appointment", free).split("clinic-facts")[0].split("</h1>")[1]


def test_both_zones_of_a_video_visit_are_named():
	"""UI-1: the visitor's zone and the clinic's."""
	html = render("video", timezone="Asia/Tokyo")
	assert "Times are yours: Tokyo time (UTC+9). The clinic is on Madrid time (UTC+1)." in html
	assert ">17:00<" in html  # 09:00 in Madrid


def test_pages_of_doctors_keep_the_search():
	"""UI-1: the address of the next page carries what was searched for."""
	assert 'href="/book?specialty=cardiology&amp;q=ana&amp;page=2"' in render(
		"doctors", specialty="cardiology", q="ana"
	)


@pytest.mark.parametrize("name", PAGES)
def test_clinics_own_name_logo_and_colour_are_on_every_page(name):
	"""UI-1, IN-4: as text and addresses, whatever is in them."""
	own = brand_of(HOSTILE, "/files/logo.png", HOSTILE, "#ffcc00")
	page = Elements(render(name, brand=own))
	assert "/files/logo.png" in page.all("src")
	assert sum(tag == "style" for tag, _attributes in page.found) == 1
	assert HOSTILE in "".join(page.text)
	assert not any("77077" in text for text in page.text)


def test_at_most_five_answers_are_asked_for():
	"""BK-1: name, e-mail, phone, note, consent."""
	page = Elements(render("booking"))
	assert [values["name"] for tag, values in page.found if tag in ("input", "textarea", "select")] == [
		"name",
		"email",
		"phone",
		"note",
		"consent",
	]


def test_photo_is_there_in_the_sizes_in_use():
	"""UI-1: the browser takes the smallest that is sharp; the page does not wait for it or jump."""
	photos = {size: f"/files/a-{size}.webp" for size in ("96", "192", "384")} | {"share": "/files/a.jpg"}
	page = Elements(render("doctor", Reader(image=photos["384"], photos=photos)))
	(face,) = [attributes for tag, attributes in page.found if tag == "img"]
	assert face["src"] == "/files/a-192.webp"
	assert face["srcset"] == "/files/a-96.webp 96w, /files/a-192.webp 192w, /files/a-384.webp 384w"
	assert {"width", "height", "alt", "loading"} <= set(face)


def test_photo_elsewhere_is_shown_as_it_is():
	"""UI-1: there are no other sizes of it."""
	page = Elements(render("doctor", Reader(image="https://cdn.example/a.jpg")))
	(face,) = [attributes for tag, attributes in page.found if tag == "img"]
	assert face["src"] == "https://cdn.example/a.jpg" and "srcset" not in face
