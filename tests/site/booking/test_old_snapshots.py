"""A form's transaction reads long before it locks; what others did in between it must not overlook (BK-10, RA-12)."""

import json

import frappe
import pytest

from clinic_booking.booking import verify
from clinic_booking.booking.clock import to_database
from tests.builders import a_patient, insert
from tests.line import Line
from tests.scenes import a_scene, on_day
from tests.site.billing.online import a_paying_scene
from tests.site.booking.races import read_something
from tests.truth import contradictions

DESK = "/api/method/clinic_booking.api.desk."


@pytest.fixture
def scene(server):
	return a_scene()


@pytest.fixture
def desk(server):
	"""Calls of the desk, over HTTP: each one is committed when it returns."""
	line = Line(server.url, {"Cookie": f"sid={server.client().login('Administrator').cookies['sid']}"})

	def tell(call: str, **values):
		status, body = line.post(DESK + call, values)
		assert status == 200, body
		return json.loads(body)["message"]

	yield tell
	line.close()


def a_visit(scene, start, **values) -> str:
	"""Commits."""
	visit = insert(
		"Clinic Appointment",
		patient=a_patient().name,
		doctor=scene.doctors[0],
		service=scene.visit,
		clinic=scene.clinic,
		starts_at_utc=to_database(start),
		**values,
	)
	frappe.db.commit()
	return visit.name


def squeezed_in(scene, start) -> str:
	return a_visit(scene, start, squeeze_in=1, squeeze_reason="In pain")


def move_on_the_form(name: str, start) -> None:
	"""As REST does: loads, changes, saves."""
	visit = frappe.get_doc("Clinic Appointment", name, for_update=True)
	visit.starts_at_utc = to_database(start)
	visit.save()
	frappe.db.commit()


def all_is_well() -> None:
	assert contradictions() == []
	assert verify.report() == []


def test_moved_by_the_desk_meanwhile(scene, desk):
	"""RA-12: what the desk claimed for it meanwhile is given back."""
	visit = a_visit(scene, on_day(2, 9))
	read_something()
	desk("move", appointment=visit, start=on_day(2, 11).isoformat())
	move_on_the_form(visit, on_day(2, 14))
	all_is_well()


def test_given_the_seat_of_one_who_cancelled(scene, desk):
	"""AV-9: the first seat, which fell to whoever is squeezed in meanwhile, is given back by their move."""
	first = a_visit(scene, on_day(2, 9))
	second = squeezed_in(scene, on_day(2, 9))
	read_something()
	desk("cancel", appointment=first, reason="Ill")
	move_on_the_form(second, on_day(2, 14))
	all_is_well()


def seats(name: str) -> list[int]:
	frappe.db.rollback()
	return frappe.get_all("Booked Slot", {"reference": name}, pluck="seat", order_by="seat")


def test_squeezed_in_meanwhile(scene, desk):
	"""AV-9: who was squeezed in meanwhile gets the first seat from a form that moves away."""
	first = a_visit(scene, on_day(2, 9))
	patient = a_patient().name
	frappe.db.commit()
	read_something()
	desk(
		"book",
		patient=patient,
		doctor=scene.doctors[0],
		service=scene.visit,
		start=on_day(2, 9).isoformat(),
		squeeze_in=True,
		reason="In pain",
	)
	move_on_the_form(first, on_day(2, 14))
	second = frappe.db.get_value("Clinic Appointment", {"squeeze_in": 1})
	assert seats(second) == [1, 2]
	all_is_well()


def test_squeezed_in_over_one_who_left_meanwhile(scene, desk):
	"""AV-9: squeezed in on the form over a time that was given back meanwhile: it has both seats."""
	first = a_visit(scene, on_day(2, 9))
	read_something()
	desk("cancel", appointment=first, reason="Ill")
	second = squeezed_in(scene, on_day(2, 9))
	assert seats(second) == [1, 2]
	all_is_well()


def cancelled_on_the_form_after(tell) -> str:
	"""The name of a visit of which the desk learns by `tell(visit)` that it was paid, while a form is about to cancel
	it."""
	scene = a_paying_scene("Optional", price=35)
	frappe.db.commit()
	name = a_visit(scene, on_day(6, 10))
	read_something()
	tell(frappe.get_doc("Clinic Appointment", name))
	visit = frappe.get_doc("Clinic Appointment", name, for_update=True)
	visit.update({"status": "Cancelled", "cancel_reason": "Ill"}).save()
	frappe.db.commit()
	assert (visit.refund, visit.refund_as) == (35, "money")
	return name


def to_go_back(name: str) -> list:
	return frappe.get_all("Online Refund", {"appointment": name}, ["method", "amount"], as_list=True)


def test_a_transfer_confirmed_meanwhile_goes_back(server, desk):
	"""PO-3, BK-8: what is noted as going back as money is written down as a refund, too."""

	def tell(visit):
		desk("confirm_transfer", reference=visit.reference, amount="35.00")

	assert to_go_back(cancelled_on_the_form_after(tell)) == (("bank_transfer", 35),)
