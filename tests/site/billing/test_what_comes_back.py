"""What the booking's own page says of the money of a cancelled visit (PO-3)."""

import frappe
import pytest

from clinic_booking.billing.gateways.interface import REFUSED, GatewayError
from clinic_booking.booking import tokens
from clinic_booking.pages import data
from tests.site.billing.practice import work_off
from tests.site.billing.test_credit import paid, starts_in
from tests.site.billing.test_money_back import cancel, give, paid_by

PRICE = {"amount": "35.35", "currency": "EUR"}


def said_of(visit) -> dict | None:
	visit = frappe.get_doc("Clinic Appointment", visit.name)
	return data.booking(tokens.token_of(visit.seed))["comes_back"]


def test_a_visit_that_stands_says_nothing(practice, gateway):
	"""BK-7: nor does one that costs nothing, when it is cancelled."""
	assert said_of(paid_by(practice, gateway)) is None
	free = cancel(practice.visit())
	frappe.db.set_value("Clinic Appointment", free.name, "price", 0)
	assert said_of(free) is None


def test_money_is_on_its_way_and_then_gone(practice, gateway):
	"""PO-3: by the way it was paid."""
	visit = paid_by(practice, gateway)
	visit.flags.in_use_case = True
	visit.update({"status": "Cancelled", "cancel_reason": "Ill", "cancelled_by": "Patient"}).save()
	assert said_of(visit) == PRICE | {"by": "sent"}
	cancelled = cancel(paid_by(practice, gateway))
	assert said_of(cancelled) == PRICE | {"by": "gone"}


def test_money_that_could_not_be_sent(practice, gateway):
	"""MO-11: it is not said to be on its way."""
	visit = paid_by(practice, gateway)
	gateway.fails.append(GatewayError("too old"))
	assert said_of(cancel(visit)) == PRICE | {"by": "failed"}


@pytest.mark.parametrize(("refund_as", "at_first"), [("money", "failed"), ("credit", "credit")])
def test_credit_that_is_handed_out_after_all(practice, gateway, refund_as, at_first):
	"""PO-3, PY-5: in parts; once nothing is left, neither page nor alerts speak of credit."""
	gateway.answer = REFUSED
	visit = cancel(paid_by(practice, gateway), refund_as, cancelled_by="Patient")
	give(visit, "Cash", "10.00")
	work_off()
	assert said_of(visit) == PRICE | {"by": at_first} and open_alerts(visit)
	give(visit, "Cash")
	work_off()
	assert said_of(visit) == PRICE | {"by": "handed out"} and open_alerts(visit) == []


def test_alert_of_credit_ends_when_another_visit_has_spent_it(practice):
	"""PO-4: nobody has to look at it any more; to the patient it was credit."""
	visit = cancel(paid(practice))
	assert open_alerts(visit) == ["Credit"]
	practice.visit()
	work_off()
	assert open_alerts(visit) == [] and said_of(visit)["by"] == "credit"


def open_alerts(visit) -> list[str]:
	return frappe.get_all("Clinic Alert", {"clinic": visit.clinic, "status": "Open"}, pluck="kind")


def test_money_waits_at_the_desk(practice):
	"""PY-5: until it was handed out."""
	visit = cancel(paid(practice), "money", cancelled_by="Patient")
	assert said_of(visit) == PRICE | {"by": "desk"}
	give(visit, "Cash")
	assert said_of(visit) == PRICE | {"by": "handed out"}


def test_credit(practice):
	"""PO-4: usual for what was paid at the desk."""
	assert said_of(cancel(paid(practice))) == PRICE | {"by": "credit"}


@pytest.mark.parametrize("is_paid", [True, False])
def test_nothing_comes_back(practice, gateway, is_paid):
	"""PO-2: too late, or nothing was paid."""
	visit = paid_by(practice, gateway) if is_paid else practice.visit(source="Online")
	work_off()
	starts_in(visit, 30)
	cancel(visit, cancelled_by="Patient")
	late, unpaid = PRICE | {"by": "late"}, {"amount": "0.00", "currency": "EUR", "by": "unpaid"}
	assert said_of(visit) == (late if is_paid else unpaid)
