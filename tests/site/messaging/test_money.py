"""What people are told of money: that it is waited for, that it came, that it goes back (NT-1)."""

import frappe
import pytest

from clinic_booking.billing import refunds, tasks, to_do
from clinic_booking.billing.gateways.interface import REFUSED
from clinic_booking.booking import expire, lifecycle, reschedule, status
from clinic_booking.messaging import by_hand, kinds
from clinic_booking.messaging.queue import DOCTYPE
from tests.scenes import a_scene, on_day
from tests.site.billing.conftest import gateway, practice, provider
from tests.site.billing.gateway import give_back
from tests.site.billing.online import METHOD, NEXT_WEEK, a_paying_scene, awaiting, pay
from tests.site.billing.practice import work_off
from tests.site.billing.test_arrivals import AFTER, lapse
from tests.site.billing.test_credit import paid, starts_in
from tests.site.billing.test_money_back import cancel, give, paid_by
from tests.site.booking.site_scene import MARIA, book, booked, do, hold, now
from tests.site.messaging import post

__all__ = ("gateway", "practice", "provider")


@pytest.fixture
def paying(mails, provider):
	return a_paying_scene()


def told_of_request(token) -> list:
	request = frappe.db.get_value("Booking Request", {"reference": status.find(token).reference})
	return frappe.get_all(DOCTYPE, {"request": request}, pluck="kind", order_by="kind")


def test_request_that_waits_for_its_money_says_where_to_pay(paying, mails):
	"""BK-5: how much, until when, and where; nothing is confirmed yet."""
	token = awaiting(paying, METHOD)
	post.send()
	(mail,) = mails.received
	assert mail.to == MARIA.email and mail.subject == "Please pay to confirm your appointment"
	assert "€35.00" in mail.text and f"/booking/{token}" in mail.text and mail.calendar_file is None
	assert told_of_request(token) == ["await_payment"]


def test_deposit_is_asked_for_as_what_it_is(mails, provider):
	"""BK-5: not the whole price."""
	awaiting(a_paying_scene("Deposit", price=80, deposit=20), METHOD)
	post.send()
	assert "Please pay €20.00 by then" in mails.received[0].text


@pytest.fixture
def deposit_visit(mails, provider):
	"""A visit of €80 whose deposit of €20 was paid online; what was told at once is out."""
	token = awaiting(a_paying_scene("Deposit", price=80, deposit=20), METHOD)
	pay(provider, token)
	tasks.every_minute()
	post.send()
	return status.find(token)


def test_what_is_left_is_told_with_the_deposit(deposit_visit, mails):
	"""BK-5, NT-1: it is paid at the clinic, and no surprise there."""
	(paid,) = [mail for mail in mails.received if "received" in mail.subject]
	assert "We have received €20.00" in paid.text
	assert "Still to pay: €60.00" in paid.text.splitlines()
	assert not [mail for mail in mails.received if mail is not paid and "Still to pay" in mail.text]


def test_who_paid_the_deposit_is_not_asked_for_the_rest_before_the_visit(deposit_visit, mails):
	"""BK-5, NT-1: the rest is paid at the clinic."""
	assert (deposit_visit.payment_status, float(deposit_visit.paid)) == ("Partly Paid", 20)
	post.hurry(kind="payment_due")
	post.send()
	assert "Please pay" not in "".join(mail.subject for mail in mails.received)
	assert post.statuses(deposit_visit.name).get("payment_due", "Skipped") == "Skipped"


def test_what_is_open_of_a_deposit_is_asked_for_and_no_more(deposit_visit, mails):
	"""BK-5, NT-1: a part of it was paid."""
	frappe.db.set_value("Clinic Appointment", deposit_visit.name, "paid", 5)
	post.hurry(kind="payment_due")
	post.send()
	(mail,) = [mail for mail in mails.received if "Please pay" in mail.subject]
	assert "Please pay €15.00 before it" in mail.text


def test_paid_is_told_with_the_booking(paying, mails, provider):
	"""NT-1: it is booked, and the money is there; a request that was paid in time is not asked any more (NT-4)."""
	token = awaiting(paying, METHOD)
	pay(provider, token)
	post.hurry(kind=("in", ("await_payment", "booked", "paid")))
	post.send()
	subjects = {mail.subject.partition(" on ")[0] for mail in mails.received}
	assert subjects == {"Your appointment", "We have received your payment"}
	paid = next(mail for mail in mails.received if "received" in mail.subject)
	assert "€35.00" in paid.text
	assert frappe.get_all(DOCTYPE, {"kind": "await_payment"}, pluck="why") == [kinds.CHANGED_MEANWHILE]


def test_paid_too_late_is_told_with_where_to_go_on(paying, mails, provider):
	"""BK-8: the time is somebody else's by now, the money goes back."""
	token = awaiting(paying, METHOD)
	lapse(token)
	hold(paying, NEXT_WEEK, now=now() + AFTER)
	pay(provider, token, now=now() + AFTER)
	post.send()
	assert "Your payment came too late" in [mail.subject for mail in mails.received]


def test_approved_and_to_be_paid(mails, provider):
	"""BK-5, NT-7: the patient hears of the approval by being asked to pay; unpaid, it is cancelled and not declined."""
	token = hold(a_paying_scene(approves_bookings=1), NEXT_WEEK)["token"]
	book(token)
	visit = status.find(token)
	assert by_hand.offered(visit.name)["kinds"] == ["requested", "link"]
	do(lifecycle.approve, visit.name, visit.doctor)
	do(reschedule.reschedule, visit.name, visit.doctor, on_day(7, 15))
	assert {"await_payment", "moved"} <= set(post.told(visit.name))
	assert by_hand.offered(visit.name)["kinds"] == ["moved", "await_payment", "link"]
	assert "booked" not in post.told(visit.name)
	visit.reload()
	frappe.db.set_value("Clinic Appointment", visit.name, "expires_at_utc", "2000-01-01")
	frappe.db.commit()
	expire.every_minute()
	told = post.told(visit.name)
	assert "cancelled" in told and "declined" not in told


def test_refund_is_told_once_it_is_on_its_way(practice, gateway, mails):
	"""NT-1, PO-3: with the amount, not before."""
	visit = paid_by(practice, gateway)
	post.send()
	mails.received.clear()
	cancel(visit)
	post.send()
	subjects = [mail.subject for mail in mails.received]
	assert "Your money is on its way back" in subjects
	assert "€35.35" in next(mail.text for mail in mails.received if "way back" in mail.subject)


def test_money_out_of_the_till_is_told_as_what_it_is(practice, mails):
	"""NT-1: nobody waits for a bank."""
	visit = paid(practice)
	give(visit, "Cash", "20.00")
	post.send()
	mail = mails.received[-1]
	assert mail.subject == "Your refund of €20.00"
	assert "We have given you €20.00 back at the clinic." in mail.text and "bank" not in mail.text
	assert "refunded" not in post.told(visit.name)


@pytest.mark.parametrize(
	"refund_as, told",
	[("money", "Refund: €35.35"), ("credit", "Refund: €35.35 as credit for a later visit")],
)
def test_cancellation_tells_what_comes_back(practice, gateway, mails, refund_as, told):
	"""NT-1, PO-3: and no price, which nobody is asked for any more."""
	visit = paid_by(practice, gateway)
	cancel(visit, refund_as)
	post.send()
	(mail,) = [mail for mail in mails.received if "cancelled" in mail.subject]
	assert told in mail.text.splitlines() and "€35.35" in mail.html
	assert "Price" not in mail.text


def test_cancellation_of_what_was_not_paid_tells_of_no_money(mails):
	"""NT-1: neither of its price nor of a refund."""
	visit = booked(a_scene(price=35))
	post.send()
	do(lifecycle.cancel_by_patient, visit.name, visit.doctor, None)
	post.send()
	first, cancelled = mails.received
	assert "Price: €35.00" in first.text
	assert "€" not in cancelled.text and "Refund" not in cancelled.text


def test_money_that_could_not_be_sent_back_is_told_as_credit(practice, gateway, mails):
	"""PY-5, NT-1: after "your money is on its way": how much, and that it is credit now; once."""
	visit = cancel(paid_by(practice, gateway))
	post.send()
	mails.received.clear()
	gateway.refunds = dict.fromkeys(gateway.refunds, REFUSED)
	for _each in range(2):
		refunds.look_again(frappe.db.get_value("Online Payment", {"appointment": visit.name}))
		give_back()
	post.send()
	(mail,) = mails.received
	assert mail.subject == "Your money could not be sent back"
	assert "We could not send €35.35 back to you, so it is your credit" in mail.text
	assert "Refund:" not in mail.text


def test_credit_that_the_clinic_gives_on_top_is_told(practice, gateway, mails):
	"""PO-3, NT-1: how much, in the patient's language; once, however often the books are looked at."""
	frappe.db.set_value("Clinic", practice.clinic.name, "compensation", 10)
	visit = paid_by(practice, gateway)
	frappe.db.set_value("Clinic Appointment", visit.name, "language", "ro")
	starts_in(visit, 30)
	cancel(visit)
	to_do.leave(visit.name, "on_refund")
	work_off()
	post.send()
	(mail,) = [mail for mail in mails.received if "credit" in mail.subject]
	assert mail.subject.startswith("Aveți un credit la ") and "un credit de 10,00" in mail.text


def test_patient_who_cancels_has_no_credit_on_top_to_be_told_of(practice, gateway, mails):
	"""PO-3: late, so nothing comes back at all."""
	frappe.db.set_value("Clinic", practice.clinic.name, "compensation", 10)
	visit = paid_by(practice, gateway)
	starts_in(visit, 30)
	cancel(visit, cancelled_by="Patient")
	assert not {"credited", "refund_failed", "refunded"} & set(post.told(visit.name))
