"""The provider's pages: asked for once, again where that failed, and ended where something else was asked for."""

import frappe
import pytest

from clinic_booking.billing import looks, online_payments
from clinic_booking.billing.gateways.interface import GatewayError, GatewayUnavailable
from clinic_booking.booking import status
from clinic_booking.errors import PaymentFailed, Validation
from tests.site.billing.online import METHOD, NEXT_WEEK, a_paying_scene, awaiting, payments_of
from tests.site.booking.site_scene import book, hold, minutes, now, request_of

REQUEST_ID = "7c0f3a52-6a1e-4d7b-9f57-0d7d0d3f8f11"


@pytest.fixture
def booked(provider):
	"""A booking that waits for its payment, of which no page was asked for."""
	token = hold(a_paying_scene(), NEXT_WEEK)["token"]
	book(token, payment_method=METHOD)
	return token


@pytest.fixture
def slow(booked, provider, monkeypatch):
	"""The same; while its page opens another tab goes on to a transfer."""
	begin = provider.begin

	def slowly(demand):
		checkout = begin(demand)
		online_payments.begin(booked, "bank_transfer")
		return checkout

	monkeypatch.setattr(provider, "begin", slowly)
	return booked


def test_the_provider_learns_a_reference_only(provider):
	"""PY-2: no name, contact, service or doctor."""
	token = awaiting(a_paying_scene(), METHOD)
	(demand,) = provider.demands.values()
	assert demand.text == f"Appointment {request_of(token).reference}"
	assert demand.return_url.endswith(f"/booking/{token}/paid")


def test_gone_provider_leaves_all_as_it_was(booked, provider):
	"""MO-13, MO-14: the request stands, and the next try asks with the same key."""
	provider.errors = [GatewayUnavailable()]
	with pytest.raises(PaymentFailed):
		online_payments.begin(booked)
	assert status.booking(booked)["status"] == "Awaiting Payment"
	online_payments.begin(booked)
	assert list(provider.demands) == [payments_of(booked)[0].key] and len(payments_of(booked)) == 1


def test_a_refusal_is_kept_and_the_next_try_is_another(booked, provider):
	"""PY-2: asking again with the same values is no use."""
	provider.errors = [GatewayError()]
	with pytest.raises(PaymentFailed):
		online_payments.begin(booked)
	online_payments.begin(booked)
	assert [payment.state for payment in payments_of(booked)] == ["Failed", "Open"]


@pytest.mark.parametrize("error", [GatewayError(), GatewayUnavailable()])
def test_a_call_that_failed_is_no_answer(booked, provider, error):
	"""MO-13: the same `request_id` tries again, after a refusal with another key."""
	provider.errors = [error]
	with pytest.raises(PaymentFailed):
		online_payments.begin(booked, METHOD, REQUEST_ID)
	again = online_payments.begin(booked, METHOD, REQUEST_ID)
	last = payments_of(booked)[-1]
	assert (again["url"], last.state) == (last.url, "Open")
	assert list(provider.demands) == [last.key]
	assert online_payments.begin(booked, METHOD, REQUEST_ID) == again


def test_a_page_that_opens_too_late_is_ended(slow, provider):
	"""MO-19: while it opens, another tab goes on to a transfer; nobody can pay on it any more."""
	with pytest.raises(PaymentFailed):
		online_payments.begin(slow)
	assert [(each.method, each.state) for each in payments_of(slow)] == [
		(METHOD, "Expired"),
		("bank_transfer", "Open"),
	]
	assert set(provider.states.values()) == {"Expired"}


def test_a_late_page_that_cant_be_ended_is_the_sweeps(slow, provider, monkeypatch):
	"""MO-13, MO-19: it is kept Open, and over, for the next look."""
	end = provider.end

	def away(checkout):
		raise GatewayUnavailable

	monkeypatch.setattr(provider, "end", away)
	with pytest.raises(PaymentFailed):
		online_payments.begin(slow)
	assert payments_of(slow)[0].state == "Open"
	monkeypatch.setattr(provider, "end", end)
	looks.look(payments_of(slow)[0].name)
	assert payments_of(slow)[0].state == "Expired" and set(provider.states.values()) == {"Expired"}


def test_a_new_page_keeps_the_time_longer_twice(provider):
	"""PY-2: to 35 minutes from now, never a third time."""
	token = awaiting(a_paying_scene(), METHOD)
	for _time in (1, 2):
		near_the_end(token)
		online_payments.begin(token)
		left = request_of(token).expires_at_utc - now().replace(tzinfo=None)
		assert minutes(34) < left <= minutes(35)
	ends = frappe.get_all("Booked Slot", {"reference": request_of(token).name}, pluck="expires_at")
	assert ends == [request_of(token).expires_at_utc]
	near_the_end(token)
	with pytest.raises(PaymentFailed):
		online_payments.begin(token)


def test_the_same_request_gets_the_same_page(provider):
	"""RA-4: and with other arguments it is refused."""
	token = awaiting(a_paying_scene(), METHOD)
	first = online_payments.begin(token, METHOD, REQUEST_ID)
	assert online_payments.begin(token, METHOD, REQUEST_ID) == first
	with pytest.raises(Validation):
		online_payments.begin(token, "bank_transfer", REQUEST_ID)


def near_the_end(token) -> None:
	"""What was asked for has expired at the provider, and ten minutes are left of the hold."""
	request = request_of(token)
	soon = (now() + minutes(10)).replace(tzinfo=None)
	frappe.db.sql("UPDATE `tabOnline Payment` SET state = 'Expired'")
	frappe.db.set_value("Booking Request", request.name, "expires_at_utc", soon)
	frappe.db.sql("UPDATE `tabBooked Slot` SET expires_at = %s WHERE reference = %s", (soon, request.name))
	frappe.db.commit()
