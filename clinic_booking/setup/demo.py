"""The demo clinic: `bench --site … execute clinic_booking.setup.demo.make`.

Makes what is missing and leaves alone what is there, so it can be run again at any time. For a site to
try things out on, not for a real clinic's: its logins have a password that everybody can read here. So the
site's configuration must say `clinic_booking_demo`.
"""

from datetime import date

import frappe
from frappe import _
from frappe.utils import add_days, getdate
from frappe.utils.password import update_password

from clinic_booking.setup import demo_clinic, demo_doctors, demo_people
from clinic_booking.setup.demo_money import make_bank_transfers
from clinic_booking.setup.demo_portraits import Portrait, draw
from clinic_booking.setup.demo_records import make_once, name_of
from clinic_booking.setup.demo_visits import make_visit
from clinic_booking.setup.demo_words import make_words

PASSWORD = "sunrise-demo"


def make() -> None:
	"""Make the demo clinic and print its logins, on a site that is marked as one to try things out on."""
	if not frappe.conf.get("clinic_booking_demo"):
		frappe.throw(
			_("Only a site to try things out on: set clinic_booking_demo to 1 in its site_config.json first.")
		)
	if not frappe.db.get_all("Company", limit=1):
		frappe.throw(_("Please finish ERPNext's setup wizard first: the clinics need a company."))
	if not frappe.db.count("Clinic"):
		frappe.get_doc("System Settings").update(demo_clinic.SYSTEM_SETTINGS).save()
	make_look()
	for clinic in demo_clinic.CLINICS:
		make_clinic(clinic)
	make_bank_transfers()
	for clinic, title, kind in demo_clinic.ROOMS:
		make_once("Clinic Room", {"title": title, "clinic": name_of("Clinic", clinic)}, kind=kind)
	for title, description in demo_clinic.SPECIALTIES.items():
		make_once("Specialty", {"title": title}, description=description)
	for service in demo_clinic.SERVICES:
		make_service(service)
	for doctor in demo_doctors.DOCTORS:
		make_doctor(doctor)
	make_words()
	for patient in demo_people.PATIENTS:
		make_patient(patient)
	make_people()
	for exception in demo_doctors.EXCEPTIONS:
		make_exception(*exception)
	for visit in demo_people.VISITS:
		make_visit(*visit)
	logins()


def logins() -> None:
	"""Print who can sign in, one a line."""
	people = [(f"Clinic {role}", email) for email, _name, role, _clinics in demo_people.STAFF]
	people += [
		("Clinic Doctor", demo_people.DOCTOR_LOGIN[0]),
		("Clinic Patient", demo_people.PATIENT_LOGIN[0]),
	]
	for role, email in people:
		print(f"{role + ':':<21}{email}, password {PASSWORD}")


# -- what is offered -----------------------------------------------------------------------------------


def make_look() -> None:
	settings = frappe.get_doc("Clinic Booking Settings")
	if not settings.brand_name:
		settings.update(demo_clinic.LOOK).save()


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
	for email, full_name, role, clinics in demo_people.STAFF:
		make_user(email, full_name)
		for title in clinics:
			clinic = frappe.get_doc("Clinic", name_of("Clinic", title))
			if email not in [row.user for row in clinic.staff]:
				clinic.append("staff", {"user": email, "role": role})
				clinic.save()

	email, full_name, doctor = demo_people.DOCTOR_LOGIN
	make_user(email, full_name)
	give_login("Doctor", doctor, email)

	email, full_name, patient = demo_people.PATIENT_LOGIN
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
