"""Choosing a new time for an appointment, and what the move would mean (PO-1, PO-5)."""

from dataclasses import replace
from datetime import timedelta

from clinic_booking.errors import BookingError, NotFound
from clinic_booking.formats import in_zone, place
from clinic_booking.pages import addresses
from clinic_booking.pages.page import Asked
from clinic_booking.pages.week import Times, Week
from clinic_booking.scheduling.days import FULL


def facts(asked: Asked, read, token: str, booking: dict) -> dict:
	"""What `move.html` shows: free times of the same doctor and service, or the one picked, for review.

	Its own time counts as free for others that overlap it, and is not offered itself. `days` is None where the visit is no longer offered online.
	"""
	try:
		offer = _Offer(asked, read, token, booking)
		picked = offer.chosen()
		return offer.facts() | {"picked": picked} | (offer.review(picked) if picked else offer.week())
	except BookingError:
		return {"picked": None, "days": None}


class _Offer:
	"""What the appointment's doctor offers for its service, at clinics that take its currency."""

	def __init__(self, asked: Asked, read, token: str, booking: dict):
		self.asked, self.read, self.token, self.booking = asked, read, token, booking
		self.doctor = read.doctor(booking["doctor"]["slug"])
		services = {service["service"]: service for service in self.doctor["services"]}
		if booking["service"]["service"] not in services:
			raise NotFound()
		self.service = services[booking["service"]["service"]]
		clinics = {clinic["name"]: clinic for clinic in self.doctor["clinics"]}
		self.clinics = {
			each["clinic"]: clinics[each["clinic"]]
			for each in self.service["prices"]
			if each["price"]["currency"] == booking["price"]["currency"]
		}
		if not self.clinics:
			raise NotFound()
		usual = booking["clinic"]["name"]
		first = usual if usual in self.clinics else next(iter(self.clinics))
		self.clinic = self.clinics[asked.one_of("clinic", self.clinics) or first]
		self.zone = booking["timezone"] if self.service["video"] else self.clinic["timezone"]

	def facts(self) -> dict:
		return {
			"zone": self.zone,
			"is_video": self.service["video"],
			"address": self.address,
			"places": {
				name: {"title": place(each), "timezone": each["timezone"]}
				for name, each in self.clinics.items()
			},
		}

	def address(self, **query) -> str:
		kept = {"clinic": self.clinic["name"] if len(self.clinics) > 1 else None}
		return addresses.appointment(self.token, change="move", **{**kept, **query})

	def week(self) -> dict:
		"""A week of free times, as the booking page shows it."""
		day = self.asked.date("from") or in_zone(self.booking["start"], self.zone).date()
		week = Week(self.asked.today(self.zone), day, self.doctor["horizon_days"])
		free = self.read.availability(
			doctor=self.doctor["doctor"],
			service=self.service["service"],
			from_date=week.first,
			to_date=week.last,
			clinic=self.clinic["name"],
			timezone=self.zone,
			token=self.token,
		)
		days = [self._without_its_own(day) for day in free["days"]]
		return {
			"clinic": self.clinic,
			"clinics": [self.clinic],
			"offering": list(self.clinics.values()),
			"week": week,
			"days": days,
			"first_open": next((day.date for day in days if day.slots), None),
			"next_free": free["next_free"],
			"times": Times(self.address, "#change"),
		}

	def _without_its_own(self, day):
		"""The day without the time at which the appointment is already: that would be no move, and count as one."""
		if not any(self._is_its_own(slot.start, slot.clinic) for slot in day.slots):
			return day
		slots = tuple(slot for slot in day.slots if not self._is_its_own(slot.start, slot.clinic))
		return replace(day, slots=slots, state=day.state if slots else FULL)

	def _is_its_own(self, start, clinic: str) -> bool:
		return start == self.booking["start"] and clinic == self.booking["clinic"]["name"]

	def chosen(self):
		"""The new time in the address, if it is one."""
		picked = self.asked.instant("start")
		return None if picked and self._is_its_own(picked, self.clinic["name"]) else picked

	def review(self, start) -> dict:
		"""The new time, and the terms as they would be from then on: deadlines keep their distance from the start."""
		terms = self.booking["terms"]
		moved: timedelta = start - self.booking["start"]
		return {
			"picked_clinic": self.clinic,
			"picked_end": start + (self.booking["end"] - self.booking["start"]),
			"new_terms": {
				"moves_left": terms["moves_left"] - 1,
				"move_until": terms["move_until"] + moved,
				"cancel_until": terms["cancel_until"] + moved,
			},
		}
