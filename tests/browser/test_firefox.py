"""The booking path in Firefox, by WebDriver BiDi."""

import pytest

from tests.browser import firefox
from tests.browser.steps import ANSWERS, appointments


@pytest.fixture
def window(server):
	if not firefox.path():
		pytest.skip("there is no Firefox")
	with firefox.opened() as window:
		yield window


def test_booking_from_the_list_of_doctors_to_the_confirmation(window, server, offer):
	"""BK-1, UI-1: with real presses and keys, in another engine than all the other tests."""
	window.go(f"{server.url}/book")
	window.click(window.find("link", "Dr. Ana Popescu"))
	window.find("heading", "Dr. Ana Popescu")
	window.click(window.find("link", "Choose a time First visit"))
	window.find("heading", "Choose a time")
	times = window.run("() => document.querySelectorAll('details[open] .clinic-time').length")
	assert times > 3
	first = window.run("() => document.querySelector('details[open] .clinic-time').textContent")
	window.click(window.find("link", first))
	window.find("heading", "Your details")
	for label, text in ANSWERS.items():
		window.click(window.find("textbox", label))
		window.type(text)
	window.click(window.find("checkbox"))
	window.click(window.find("button", "Continue to check"))
	window.find("heading", "Check and confirm")
	window.click(window.find("button", "Confirm the booking"))
	window.find("heading", "Your appointment is booked")
	(booked,) = appointments()
	assert (booked.status, booked.contact_name) == ("Confirmed", "Maria Ionescu")
	assert window.run("() => localStorage.length + sessionStorage.length") == 0
