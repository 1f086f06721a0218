"""The demo clinic: `bench --site … execute clinic_booking.setup.demo.make`.

Makes what is missing and leaves alone what is there, so it can be run again at any time. For a site to
try things out on, not for a real clinic's: its logins have a password that everybody can read here.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import frappe
from frappe import _
from frappe.utils import add_days, getdate
from frappe.utils.password import update_password

from clinic_booking.booking import clock, notes, practices, rating
from clinic_booking.booking.appointment_claims import TimeTaken
from clinic_booking.scheduling import walltime
from clinic_booking.scheduling.open_time import open_time
from clinic_booking.scheduling.status import CHECKED_IN, COMPLETED, CONFIRMED, LIVE
from clinic_booking.setup import demo_clinic as facts
from clinic_booking.setup.demo_portraits import Portrait, draw

PASSWORD = "sunrise-demo"
HALF_HOUR = timedelta(minutes=30)
# How many days around today are looked at for days on which a doctor is there.
REACH = timedelta(days=45)


@dataclass(frozen=True)
class VisitTime:
	"""Where and when (UTC) a visit could be, and the rooms that would suit it."""

	clinic: str
	start: datetime
	end: datetime
	rooms: list[str]


def make() -> None:
	"""Make the demo clinic and print its logins."""
	if not frappe.db.get_all("Company", limit=1):
		frappe.throw(_("Please finish ERPNext's setup wizard first: the clinics need a company."))
	if not frappe.db.count("Clinic"):
		frappe.get_doc("System Settings").update(facts.SYSTEM_SETTINGS).save()
	make_look()
	for clinic in facts.CLINICS:
		make_clinic(clinic)
	for clinic, title, kind in facts.ROOMS:
		make_once("Clinic Room", {"title": title, "clinic": name_of("Clinic", clinic)}, kind=kind)
	for title, description in facts.SPECIALTIES.items():
		make_once("Specialty", {"title": title}, description=description)
	for service in facts.SERVICES:
		make_service(service)
	for doctor in facts.DOCTORS:
		make_doctor(doctor)
	for patient in facts.PATIENTS:
		make_patient(patient)
	make_people()
	for exception in facts.EXCEPTIONS:
		make_exception(*exception)
	for visit in facts.VISITS:
		make_visit(*visit)
	logins()


def logins() -> None:
	"""Print who can sign in, one a line."""
	people = [(f"Clinic {role}", email) for email, _name, role, _clinics in facts.STAFF]
	people += [("Clinic Doctor", facts.DOCTOR_LOGIN[0]), ("Clinic Patient", facts.PATIENT_LOGIN[0])]
	for role, email in people:
		print(f"{role + ':':<21}{email}, password {PASSWORD}")


# -- what is offered -----------------------------------------------------------------------------------


def make_look() -> None:
	settings = frappe.get_doc("Clinic Booking Settings")
	if not settings.brand_name:
		settings.update(facts.LOOK).save()


def make_clinic(facts_of_it: dict) -> None:
	values = dict(facts_of_it)
	title, currency = values.pop("title"), values.pop("currency")
	holidays, kinds = values.pop("holidays"), values.pop("room_kinds")
	if frappe.db.exists("Clinic", {"title": title}):
		return
	make_once(
		"Clinic",
		{"title": title},
		**values,
		company=company_in(currency, title, values["country"]),
		holiday_list=holiday_list(title, holidays),
		room_kinds=[{"kind": kind} for kind in kinds],
	)


def company_in(currency: str, title: str, country: str) -> str:
	"""A company that keeps its books in `currency`: the site's first, else a new one."""
	companies = frappe.get_all(
		"Company", {"default_currency": currency}, pluck="name", order_by="creation", limit=1
	)
	if companies:
		return companies[0]
	frappe.db.set_value("Currency", currency, "enabled", 1)
	company = frappe.get_doc(
		doctype="Company",
		company_name=title,
		abbr="".join(word[0] for word in title.split()),
		default_currency=currency,
		country=country,
		create_chart_of_accounts_based_on="Standard Template",
		chart_of_accounts="Standard",
	)
	return company.insert().name


def holiday_list(title: str, holidays: dict[tuple[int, int], str]) -> str:
	year = getdate().year
	days = [
		{"holiday_date": date(each, month, day), "description": description}
		for each in (year, year + 1)
		for (month, day), description in holidays.items()
	]
	return make_once(
		"Holiday List",
		{"holiday_list_name": f"Holidays {title}"},
		from_date=date(year, 1, 1),
		to_date=date(year + 1, 12, 31),
		holidays=days,
	)


def make_service(facts_of_it: dict) -> None:
	values = dict(facts_of_it)
	title, prices = values.pop("title"), values.pop("prices")
	if "specialty" in values:
		values["specialty"] = name_of("Specialty", values["specialty"])
	rows = []
	for clinic, amounts in prices.items():
		price, deposit = amounts if isinstance(amounts, tuple) else (amounts, 0)
		rows.append({"clinic": name_of("Clinic", clinic), "price": price, "deposit": deposit})
	make_once("Clinic Service", {"title": title}, **values, prices=rows)


def make_doctor(facts_of_it: dict) -> None:
	values = dict(facts_of_it)
	doctor_name, hours = values.pop("doctor_name"), values.pop("hours")
	offered, own_prices = values.pop("services"), values.pop("own_prices", {})
	portrait = values.pop("portrait", None)
	services = [{"service": name_of("Clinic Service", title)} for title in offered]
	services += [
		{"service": name_of("Clinic Service", title), "clinic": name_of("Clinic", clinic), "price": price}
		for (title, clinic), price in own_prices.items()
	]
	name = make_once(
		"Doctor",
		{"doctor_name": doctor_name},
		**values
		| {
			"specialties": [{"specialty": name_of("Specialty", title)} for title in values["specialties"]],
			"languages": [{"language": language} for language in values["languages"]],
			"faq": [{"question": question, "answer": answer} for question, answer in values.get("faq", ())],
			"clinics": [
				{"clinic": name_of("Clinic", clinic)} for clinic in dict.fromkeys(row[0] for row in hours)
			],
			"services": services,
			"availability": [
				{
					"clinic": name_of("Clinic", clinic),
					"weekday": weekday,
					"start_time": start,
					"end_time": end,
				}
				for clinic, weekday, (start, end) in hours
			],
		},
	)
	if portrait:
		give_portrait(name, portrait)


def give_portrait(doctor: str, portrait: Portrait) -> None:
	"""Attach a drawn portrait to a doctor who has no photo."""
	record = frappe.get_doc("Doctor", doctor)
	if record.image:
		return
	file = frappe.get_doc(
		doctype="File",
		file_name=f"{record.slug}.png",
		content=draw(portrait),
		is_private=0,
		attached_to_doctype="Doctor",
		attached_to_name=doctor,
		attached_to_field="image",
	)
	record.image = file.insert().file_url
	record.save()


def make_exception(
	doctor: str, kind: str, first: int, last: int, hours: tuple | None, clinic: str | None, reason: str
) -> None:
	start, end = hours or (None, None)
	make_once(
		"Availability Exception",
		{"doctor": name_of("Doctor", doctor), "kind": kind, "reason": reason},
		from_date=add_days(getdate(), first),
		to_date=add_days(getdate(), last),
		all_day=int(hours is None),
		start_time=start,
		end_time=end,
		clinic=clinic and name_of("Clinic", clinic),
	)


# -- people --------------------------------------------------------------------------------------------


def make_patient(facts_of_it: dict) -> None:
	values = dict(facts_of_it)
	key = {"patient_name": values.pop("patient_name"), "email": values.pop("email")}
	values["clinic"] = name_of("Clinic", values["clinic"])
	if "guardian" in values:
		values["guardian"] = name_of("Clinic Patient", values["guardian"])
	make_once("Clinic Patient", key, **values)


def make_people() -> None:
	for email, full_name, role, clinics in facts.STAFF:
		make_user(email, full_name)
		for title in clinics:
			clinic = frappe.get_doc("Clinic", name_of("Clinic", title))
			if email not in [row.user for row in clinic.staff]:
				clinic.append("staff", {"user": email, "role": role})
				clinic.save()

	email, full_name, doctor = facts.DOCTOR_LOGIN
	make_user(email, full_name)
	give_login("Doctor", doctor, email)

	email, full_name, patient = facts.PATIENT_LOGIN
	make_user(email, full_name, "Clinic Patient")
	give_login("Clinic Patient", patient, email)


def make_user(email: str, full_name: str, *roles: str) -> None:
	if frappe.db.exists("User", email):
		return
	first_name, last_name = full_name.split(" ", 1)
	user = frappe.get_doc(
		doctype="User", email=email, first_name=first_name, last_name=last_name, send_welcome_email=0
	)
	user.append_roles(*roles)
	user.insert()
	update_password(email, PASSWORD)


def give_login(doctype: str, title: str, user: str) -> None:
	record = frappe.get_doc(doctype, name_of(doctype, title))
	if not record.user:
		record.user = user
		record.save()


# -- visits --------------------------------------------------------------------------------------------


def make_visit(
	patient: str, doctor: str, service: str, day: int, half_hour: int, status: str, fields: dict
) -> None:
	key = {
		"patient": name_of("Clinic Patient", patient),
		"doctor": name_of("Doctor", doctor),
		"service": name_of("Clinic Service", service),
	}
	if frappe.db.exists("Clinic Appointment", key):
		return
	contact = frappe.get_doc("Clinic Patient", key["patient"])
	values = {
		"source": "Desk",
		"contact_name": contact.patient_name,
		"contact_email": contact.email,
		"contact_phone": contact.phone,
		"language": contact.language,
		**fields,
	}
	values["note_encrypted"] = notes.seal(values.pop("note", None))
	for when in times_of(key["doctor"], key["service"], day, half_hour):
		if insert_visit(when, status, key | values):
			return


def insert_visit(when: VisitTime, status: str, values: dict) -> bool:
	"""Whether it could be made: that time may be somebody's already."""
	status = status_now(status, when)
	appointment = frappe.get_doc(
		doctype="Clinic Appointment",
		clinic=when.clinic,
		starts_at_utc=clock.to_database(when.start),
		status=status,
		room=when.rooms[0] if when.rooms and status not in LIVE else None,
		**values,
	)
	frappe.db.savepoint("visit")
	try:
		appointment.insert()
	except TimeTaken:
		frappe.db.rollback(save_point="visit")
		return False
	if appointment.rating:
		rating.add(appointment.doctor, appointment.rating)
	return True


def times_of(doctor: str, service: str, day: int, half_hour: int) -> list[VisitTime]:
	"""The half hours of the doctor's `day`th day in which such a visit fits, from the `half_hour`th on."""
	practice = practices.of(doctor)
	offered = practice.services[service]
	length = timedelta(minutes=offered.visit.length_minutes)
	now = clock.now()
	days = defaultdict(list)
	for clinic, intervals in open_time(practice.calendar, now - REACH, now + REACH).items():
		zone = practice.calendar.clinic(clinic).timezone
		for interval in intervals if clinic in offered.prices else ():
			start = interval.start
			while start + length <= interval.end:
				day_there = walltime.local(interval.start, zone).date()
				days[day_there].append(VisitTime(clinic, start, start + length, offered.all_rooms(clinic)))
				start += HALF_HOUR
	today = walltime.local(now, practice.calendar.clinics[0].timezone).date()
	ahead = sorted(each for each in days if each >= today)
	past = sorted(each for each in days if each < today)
	times = days[past[day] if day < 0 else ahead[day]]
	turn = half_hour % len(times)
	return times[turn:] + times[:turn]


def status_now(status: str, when: VisitTime) -> str:
	"""What became by now of a visit that was to be Confirmed on a day which is today."""
	now = clock.now()
	if status != CONFIRMED or when.start > now:
		return status
	return COMPLETED if when.end <= now else CHECKED_IN


# -- once ----------------------------------------------------------------------------------------------


def make_once(doctype: str, key: dict, **values) -> str:
	"""The name of the record with `key`, made with these values if it isn't there."""
	if name := frappe.db.exists(doctype, key):
		return name
	values = {field: str(value) if isinstance(value, time) else value for field, value in values.items()}
	return frappe.get_doc(doctype=doctype, **key, **values).insert().name


def name_of(doctype: str, title: str) -> str:
	"""The name of a record made before, by its title."""
	field = frappe.get_meta(doctype).title_field
	return frappe.db.get_value(doctype, {field: title}, "name", order_by="creation")
