import frappe
import pytest

from tests.builders import a_block, a_clinic, a_doctor, a_room, a_service, insert


@pytest.fixture
def dollars():
	return insert(
		"Company", company_name="Dollar Clinics", abbr="DLC", default_currency="CAD", country="Canada"
	)


@pytest.fixture
def somebody():
	return insert("User", email="desk@example.com", first_name="Desk", send_welcome_email=0)


@pytest.mark.parametrize("timezone", ["Mars/Olympus", "../../etc/passwd", "Europe", "europe/madrid "])
def test_unknown_timezone_is_refused(timezone):
	"""AV-1: a clinic's hours are in a zone that exists."""
	with pytest.raises(frappe.ValidationError, match="time zone"):
		a_clinic(timezone=timezone)


@pytest.mark.parametrize("email", ["recepție@clinic.example", "a@b.example, c@d.example", "nobody"])
def test_address_that_nobody_can_answer_to_is_refused(email):
	"""NT-2: one that a mail's header holds; a domain may be written in any script."""
	with pytest.raises(frappe.ValidationError, match="E-mail"):
		a_clinic(email=email)
	assert a_clinic(email="hola@clínica.example").email == "hola@xn--clnica-4va.example"


def test_currency_is_the_companys(dollars):
	"""PY-1: whatever is sent, a clinic's currency is its company's."""
	assert a_clinic(company=dollars.name, currency="JPY").currency == "CAD"


def test_currency_of_prices_cannot_change_under_them(dollars):
	"""PY-1: a price stays in the currency it was given in."""
	clinic = a_clinic()
	service = a_service(clinic, price=35)
	clinic.company = dollars.name
	with pytest.raises(frappe.ValidationError, match="prices in EUR"):
		clinic.save()
	service.delete()
	clinic.reload()
	clinic.company = dollars.name
	assert clinic.save().currency == "CAD"


@pytest.mark.parametrize(("start", "end"), [("10:02", "21:00"), ("10:00", "10:20"), ("10:00", "10:00")])
def test_default_hours_keep_the_rules_of_blocks(start, end):
	"""AV-10: default hours are multiples of 5 and at least 30 long."""
	with pytest.raises(frappe.ValidationError, match="Default hours"):
		a_clinic(default_hours=1, default_hours_start=start, default_hours_end=end)


def test_default_hours_are_10_to_21():
	"""AV-10: unless others are given; Frappe's own filling of times left out doesn't count as given."""
	clinic = a_clinic(default_hours=1)
	assert (str(clinic.default_hours_start), str(clinic.default_hours_end)) == ("10:00:00", "21:00:00")


def test_room_kind_in_use_stays():
	"""AV-15: the kinds of a clinic's rooms are its own, each listed once."""
	clinic = a_clinic()
	a_room(clinic, kind="Ultrasound")
	clinic.room_kinds = []
	with pytest.raises(frappe.ValidationError, match="Ultrasound"):
		clinic.save()
	clinic.reload()
	clinic.append("room_kinds", {"kind": " Ultrasound "})
	with pytest.raises(frappe.ValidationError, match="twice"):
		clinic.save()


def test_room_needs_a_kind_of_its_clinic():
	"""AV-15: a room is of a kind that its clinic has."""
	clinic = a_clinic(room_kinds=[{"kind": "Consulting"}])
	with pytest.raises(frappe.ValidationError, match="no room kind Sauna"):
		insert("Clinic Room", title="S", clinic=clinic.name, kind="Sauna")


def test_staff_get_the_role_that_goes_with_the_row(somebody):
	"""SE-1: being listed gives the role; nobody is listed twice."""
	a_clinic(staff=[{"user": somebody.name, "role": "Receptionist"}])
	assert "Clinic Receptionist" in frappe.get_roles(somebody.name)
	assert "Clinic Manager" not in frappe.get_roles(somebody.name)
	with pytest.raises(frappe.ValidationError, match="twice"):
		a_clinic(staff=[{"user": somebody.name, "role": role} for role in ("Manager", "Receptionist")])


def test_new_zone_may_not_make_hours_overlap():
	"""AV-1: 9 to 12 in London and 13 to 15 in Madrid touch; were both in Madrid's or New York's they wouldn't."""
	madrid, london = a_clinic(), a_clinic(timezone="Europe/London")
	service = a_service(madrid, london)
	a_doctor(
		service,
		clinics=[madrid, london],
		availability=[
			a_block(madrid, "Monday", "13:00", "15:00"),
			a_block(london, "Monday", "09:00", "12:00"),
		],
	)
	london.timezone = "Atlantic/Azores"
	with pytest.raises(frappe.ValidationError, match="overlap"):
		london.save()


@pytest.mark.parametrize("doctype", ["Clinic", "Clinic Service", "Doctor", "Clinic Room", "Clinic Patient"])
def test_nothing_is_renamed(doctype):
	"""BK-3: names stand in claims and in addresses."""
	clinic = a_clinic()
	service = a_service(clinic)
	made = {
		"Clinic": lambda: clinic,
		"Clinic Service": lambda: service,
		"Doctor": lambda: a_doctor(service, clinics=[clinic]),
		"Clinic Room": lambda: a_room(clinic),
		"Clinic Patient": lambda: insert("Clinic Patient", patient_name="Ana Pop"),
	}[doctype]()
	with pytest.raises(frappe.ValidationError, match="not allowed to be renamed"):
		frappe.rename_doc(doctype, made.name, "other")
