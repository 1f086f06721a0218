import frappe
import pytest

from tests.builders import a_block, a_clinic, a_doctor, a_service, an_exception, insert


@pytest.fixture
def clinic():
	return a_clinic()


@pytest.fixture
def service(clinic):
	return a_service(clinic)


def with_blocks(service, clinics, *blocks):
	return a_doctor(service, clinics=clinics, availability=list(blocks))


@pytest.mark.parametrize(
	("start", "end", "why"),
	[
		("09:00", "09:25", "30 minutes"),
		("09:00", "09:00", "ends when it starts"),
		("09:03", "12:00", "multiples of 5"),
		("09:00:30", "12:00", "multiples of 5"),
	],
)
def test_bad_block_is_refused(clinic, service, start, end, why):
	"""AV-1: a block is at least 30 long and keeps to the fives."""
	with pytest.raises(frappe.ValidationError, match=why):
		with_blocks(service, [clinic], a_block(clinic, "Monday", start, end))


def test_block_dates_are_in_order(clinic, service):
	"""AV-1: the last valid date isn't before the first."""
	with pytest.raises(frappe.ValidationError, match="last day"):
		with_blocks(
			service,
			[clinic],
			a_block(clinic, "Monday", "09:00", "12:00", valid_from="2099-02-01", valid_to="2099-01-31"),
		)


@pytest.mark.parametrize(
	("first", "second"),
	[
		(("Monday", "09:00", "12:00"), ("Monday", "11:55", "13:00")),
		(("Monday", "22:00", "02:00"), ("Tuesday", "01:00", "05:00")),
		(("Sunday", "22:00", "02:00"), ("Monday", "00:00", "01:00")),
	],
)
def test_overlapping_blocks_are_refused(clinic, service, first, second):
	"""AV-1, TI-4: blocks don't overlap, not over midnight and not over the week's end."""
	with pytest.raises(frappe.ValidationError, match="rows 1 and 2 overlap"):
		with_blocks(service, [clinic], a_block(clinic, *first), a_block(clinic, *second))


def test_blocks_may_touch_and_take_turns(clinic, service):
	"""AV-1, TI-4: touching blocks, and the same hours in different months, are fine."""
	doctor = with_blocks(
		service,
		[clinic],
		a_block(clinic, "Monday", "22:00", "00:00", valid_to="2099-01-31"),
		a_block(clinic, "Tuesday", "00:00", "02:00"),
		a_block(clinic, "Monday", "22:00", "00:00", valid_from="2099-02-01"),
	)
	assert len(doctor.availability) == 3


def test_blocks_at_two_clinics_are_compared_in_their_own_zones(clinic):
	"""AV-1: 9:00 in New York is 15:00 in Madrid, 14:00 while only America has summer time."""
	york = a_clinic(timezone="America/New_York")
	service = a_service(clinic, york)
	madrid = a_block(clinic, "Monday", "13:00", "15:00")
	with pytest.raises(frappe.ValidationError, match="overlap"):
		with_blocks(service, [clinic, york], madrid, a_block(york, "Monday", "09:00", "12:00"))
	with_blocks(service, [clinic, york], madrid, a_block(york, "Monday", "10:00", "12:00"))


def test_hours_are_at_the_doctors_clinics(clinic, service):
	"""AV-1: a block is at a clinic where the doctor works."""
	with pytest.raises(frappe.ValidationError, match="not among the doctor's"):
		with_blocks(service, [clinic], a_block(a_clinic(), "Monday", "09:00", "12:00"))


@pytest.mark.parametrize(
	("field", "value"),
	[
		("buffer_before_minutes", 3),
		("buffer_after_minutes", 7),
		("buffer_after_minutes", 245),
		("grid_minutes", 12),
		("grid_minutes", -5),
		("horizon_days", 731),
		("notice_minutes", -1),
	],
)
def test_rules_keep_to_their_limits(clinic, service, field, value):
	"""AV-1, AV-6: buffers and grid are multiples of 5, nothing is negative or without end."""
	with pytest.raises(frappe.ValidationError):
		a_doctor(service, clinics=[clinic], **{field: value})


@pytest.mark.parametrize("length", [5, 12, 245])
def test_own_length_keeps_the_rules(clinic, service, length):
	"""AV-4: a doctor's own length is 10 to 240 and a multiple of 5."""
	with pytest.raises(frappe.ValidationError, match="Own Length"):
		a_doctor(clinics=[clinic], services=[{"service": service.name, "duration_minutes": length}])


def test_own_price_is_where_the_service_has_one(clinic):
	"""AV-4: a doctor's own price is at a clinic of theirs that offers the service, in its currency."""
	service = a_service(clinic, price=35)
	elsewhere = a_clinic()
	row = {"service": service.name, "clinic": clinic.name, "price": 50}
	doctor = a_doctor(
		clinics=[clinic, elsewhere], services=[{"service": service.name}, row], hours=("08:00", "12:00")
	)
	assert (doctor.services[1].price, doctor.services[1].currency) == (50, "EUR")
	for wrong, why in (
		({"price": 0}, "give a price"),
		({"price": 50.005}, "no smaller unit"),
		({"clinic": elsewhere.name}, "no price at this clinic"),
		({"clinic": a_clinic().name}, "does not work"),
	):
		with pytest.raises(frappe.ValidationError, match=why):
			a_doctor(clinics=[clinic, elsewhere], services=[row | wrong])


def test_services_are_listed_once_with_one_length(clinic):
	"""AV-4: rows of one service neither repeat nor contradict each other."""
	service = a_service(clinic, price=35)
	plain = {"service": service.name}
	with pytest.raises(frappe.ValidationError, match="listed twice"):
		a_doctor(clinics=[clinic], services=[plain, plain])
	with pytest.raises(frappe.ValidationError, match="one length"):
		a_doctor(
			clinics=[clinic],
			services=[
				plain | {"duration_minutes": 30},
				plain | {"duration_minutes": 45, "clinic": clinic.name, "price": 9},
			],
		)


def test_slug_is_made_kept_and_checked(clinic, service):
	"""UI-1: the page's address comes from the name, and stays when the name changes."""
	doctor = a_doctor(service, clinics=[clinic], doctor_name="Dr. Zoë Müller-Núñez")
	assert doctor.slug == "dr-zoe-muller-nunez"
	doctor.doctor_name = "Dr. Zoë Núñez"
	assert doctor.save().slug == "dr-zoe-muller-nunez"
	doctor.slug = "Zoë Núñez"
	with pytest.raises(frappe.ValidationError, match="page address"):
		doctor.save()
	with pytest.raises(frappe.UniqueValidationError):
		a_doctor(service, clinics=[clinic], slug="dr-zoe-muller-nunez")


def test_login_gets_the_doctors_role(clinic, service):
	"""SE-1: a doctor's login can open the desk as Clinic Doctor; one login is one doctor."""
	user = insert("User", email="doc@example.com", first_name="Doc", send_welcome_email=0)
	a_doctor(service, clinics=[clinic], user=user.name)
	assert "Clinic Doctor" in frappe.get_roles(user.name)
	with pytest.raises(frappe.UniqueValidationError):
		a_doctor(service, clinics=[clinic], user=user.name)


def test_service_that_fits_no_block_is_named(clinic):
	"""AV-11: an offered service longer than every block is saved, with a warning."""
	long_one = a_service(clinic, duration_minutes=120, title="Long talk")
	frappe.clear_messages()
	doctor = a_doctor(long_one, clinics=[clinic], hours=("09:00", "10:00"))
	assert "Long talk" in warnings()
	doctor.availability[0].end_time = "11:00"
	frappe.clear_messages()
	doctor.save()
	assert "Long talk" not in warnings()
	long_one.duration_minutes = 180
	long_one.save()
	assert "Long talk" in warnings()


def test_new_hours_may_not_run_into_extra_hours_elsewhere(clinic):
	"""AV-3: extra hours at one clinic stay clear of weekly hours at another, whichever comes first."""
	other = a_clinic()
	service = a_service(clinic, other)
	doctor = with_blocks(service, [clinic, other], a_block(clinic, "Monday", "09:00", "12:00"))
	an_exception(
		doctor,
		kind="Open",
		clinic=other.name,
		from_date="2099-06-02",
		all_day=0,
		start_time="09:00",
		end_time="12:00",
	)
	doctor.append("availability", a_block(clinic, "Tuesday", "11:00", "13:00"))
	with pytest.raises(frappe.ValidationError, match="extra hours"):
		doctor.save()


def warnings():
	return " ".join(str(message) for message in frappe.get_message_log())
