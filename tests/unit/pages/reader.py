"""A clinic that exists only in memory, read as `clinic_booking.pages.data` reads a real one."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from clinic_booking.errors import NotFound
from clinic_booking.scheduling.days import Day, Slot

NOW = datetime(2026, 11, 21, 23, 30, tzinfo=timezone.utc)
HALF_AN_HOUR = timedelta(minutes=30)
HOUR = timedelta(hours=1)


def clinic(name, zone, country):
	return {
		"name": name,
		"title": name.title(),
		"city": name.title(),
		"timezone": zone,
		"currency": "EUR",
		"phone": "+34 911 234 567",
		"country": country,
	}


MADRID = clinic("madrid", "Europe/Madrid", "ES")
BUCHAREST = clinic("bucharest", "Europe/Bucharest", "RO")


def service(name, *clinics, video=False):
	return {
		"service": name,
		"name": name.title(),
		"description": "A first talk.",
		"duration": 30,
		"payment": "at_clinic",
		"video": video,
		"prices": [
			{"clinic": clinic["name"], "price": {"amount": "35.00", "currency": "EUR"}} for clinic in clinics
		],
	}


class Reader:
	"""One doctor, Ana, with two services: `visit` at both clinics and `call` by video from Madrid.

	Free at 09:00 and 09:30 of Madrid on every date in `free_dates`. What was asked for is in `asked`.
	"""

	def __init__(self, free_dates=(), **doctor):
		self.free_dates = set(free_dates)
		self.ana = {
			"doctor": "d1",
			"slug": "ana",
			"name": "Dr. Ana Popescu",
			"specialties": [{"name": "cardiology", "title": "Cardiology"}],
			"languages": [{"name": "ro", "title": "Romanian"}],
			"image": None,
			"photos": {},
			"color": None,
			"rating": {"average": 4.8, "count": 12},
			"clinics": [MADRID, BUCHAREST],
			"next_free": [{**slot._asdict(), "service": "visit"} for slot in self._slots(NOW.date())],
			"bio": "Heart specialist.",
			"registration": {"number": "12345", "body": "College of Physicians"},
			"credentials": "MD",
			"education": "Carol Davila",
			"expertise": "Arrhythmia",
			"approach": "Calm",
			"answer_time": "within a day",
			"faq": [{"question": "Do I need a referral?", "answer": "No."}],
			"services": [service("visit", MADRID, BUCHAREST), service("call", MADRID, video=True)],
			"policy": {"text": "You can cancel up to 60 minutes before."},
			"horizon_days": 60,
		} | doctor
		self.asked = {}

	def filters(self):
		return {
			"specialties": self.ana["specialties"],
			"clinics": [MADRID, BUCHAREST],
			"languages": self.ana["languages"],
			"services": [{"name": "visit", "title": "Visit"}],
		}

	def doctors(self, **asked):
		self.asked = asked
		return {"doctors": [self.ana], "total": 25}

	def doctor(self, slug):
		if slug != "ana":
			raise NotFound
		return self.ana

	def availability(self, **asked):
		self.asked = asked
		count = (asked["to_date"] - asked["from_date"]).days + 1
		dates = [asked["from_date"] + timedelta(days=number) for number in range(count)]
		days = [self._day(date, asked["timezone"], asked["clinic"]) for date in dates]
		later = sorted(date for date in self.free_dates if date > asked["to_date"])
		is_empty = not any(day.slots for day in days)
		return {"days": days, "next_free": self._slots(later[0])[0] if is_empty and later else None}

	def booking(self, token):
		if token != "right":
			raise NotFound
		start = datetime(2026, 11, 23, 8, tzinfo=timezone.utc)
		return {
			"status": "Confirmed",
			"reference": "K7QM4XWD",
			"start": start,
			"end": start + HALF_AN_HOUR,
			"timezone": "Europe/Bucharest",
			"doctor": {field: self.ana[field] for field in ("name", "slug", "answer_time")},
			"service": {"service": "visit", "title": "Visit", "video": False},
			"clinic": MADRID,
			"price": {"amount": "35.00", "currency": "EUR"},
			"paid": {"amount": "0.00", "currency": "EUR"},
			"patient": "Maria Ionescu",
			"payment": "at_clinic",
			"rating": None,
			"news": False,
			"papers": {"receipt": True, "invoice": True, "company": "", "tax_id": "", "address": ""},
			"to_pay": {
				"amount": {"amount": "35.00", "currency": "EUR"},
				"rest": {"amount": "35.00", "currency": "EUR"},
				"due": False,
				"methods": [],
				"until": None,
				"payment": None,
			},
			"payment_status": "Unpaid",
			"can": {"cancel": True, "reschedule": True, "pay": False, "join": False},
			"terms": {
				"cancel_until": start - HOUR,
				"move_until": start - 2 * HOUR,
				"moves_left": 2,
				"refund_if_cancelled_now": {"amount": "0.00", "currency": "EUR", "as": []},
				"payment_methods": ["at_clinic"],
				"due_now": {"amount": "0.00", "currency": "EUR"},
				"text": "You can cancel up to 60 minutes before.",
			},
		}

	def slugs(self):
		return [("ana", NOW.date())]

	def texts(self):
		return {
			"consent": "I agree.",
			"newsletter": "Send me news.",
			"privacy_url": "/privacy",
			"terms_url": "/terms",
			"answer_time": "within a day",
		}

	def _day(self, date, zone, clinic):
		if date not in self.free_dates:
			return Day(date, "closed")
		return Day(date, "open", tuple(self._slots(date, zone, clinic)))

	def _slots(self, date, zone="Europe/Madrid", clinic="madrid"):
		nine = datetime(date.year, date.month, date.day, 9, tzinfo=ZoneInfo("Europe/Madrid"))
		starts = (nine.astimezone(ZoneInfo(zone)) + HALF_AN_HOUR * number for number in range(2))
		return [Slot(start, start + HALF_AN_HOUR, clinic) for start in starts]
