"""The Desk in a real browser: a walk-in in three clicks, a doctor's answers, a move by dialog, hours that hit somebody."""

import frappe
import pytest
from frappe.utils.password import update_password
from playwright.sync_api import expect

from tests.builders import a_patient, insert
from tests.scenes import a_scene, in_days, on_day
from tests.site.booking.site_scene import booked, in_utc

PASSWORD = "a-password-of-the-test"


@pytest.fixture
def screen():
	return {"viewport": {"width": 1366, "height": 900}, "locale": "en-GB", "timezone_id": "Europe/Madrid"}


@pytest.fixture
def scene(server):
	"""A clinic with one doctor, who approves each booking, and a known patient."""
	scene = a_scene(approves_bookings=1)
	a_patient(patient_name="Zoe Brancusi", clinic=scene.clinic)
	frappe.db.commit()
	return scene


class Hand:
	"""A person at the Desk, whose clicks are counted."""

	def __init__(self, page):
		self.page = page
		self.clicks = 0

	def click(self, locator):
		locator.click()
		self.clicks += 1

	def button(self, name):
		return self.page.get_by_role("button", name=name, exact=True).and_(self.page.locator(":visible"))


@pytest.fixture
def sign_in(page, scene):
	"""A function that signs a new member of staff in: `sign_in("Receptionist")`."""

	def signed_in(role):
		page.expected_errors.append("socket.io")
		# No server for live updates runs beside the test site's.
		page.route("**/socket.io/**", lambda route: route.fulfill(body=""))
		email = f"{role.lower()}@staff.example"
		user = insert("User", email=email, first_name=role, send_welcome_email=0, user_type="System User")
		update_password(user.name, PASSWORD)
		if role == "Doctor":
			frappe.get_doc("Doctor", scene.doctors[0]).update({"user": email}).save()
		else:
			clinic = frappe.get_doc("Clinic", scene.clinic)
			clinic.append("staff", {"user": email, "role": role})
			clinic.save()
		frappe.db.commit()
		answer = page.request.post("/api/method/login", data={"usr": email, "pwd": PASSWORD})
		assert answer.ok, answer.text()
		return Hand(page)

	return signed_in


def appointment(**filters):
	frappe.db.rollback()
	return frappe.get_last_doc("Clinic Appointment", filters=filters)


def test_a_walk_in_is_three_clicks(page, scene, sign_in):
	"""DY-1: Walk-in, the patient, Check In; the doctor is there already."""
	hand = sign_in("Receptionist")
	page.goto("/app/clinic-appointment/view/calendar/default")
	hand.click(hand.button("Walk-in"))
	expect(page.locator(".modal.show select[data-fieldname=clinic]")).not_to_have_value("")
	expect(page.locator(".modal.show input[data-fieldname=search]")).to_be_focused()
	page.keyboard.type("branc")
	hand.click(page.get_by_role("button", name="Zoe Brancusi"))
	hand.click(hand.button("Check In"))
	expect(page.get_by_text("Checked in:")).to_be_visible()
	assert hand.clicks == 3
	made = appointment(source="Desk")
	assert (made.status, made.patient_name) == ("Checked In", "Zoe Brancusi")


def test_a_booking_from_the_calendar_ends_with_a_word(page, scene, sign_in):
	"""UI-2: an empty time is clicked, booked, said so, and in sight; what others change follows by itself."""
	hand = sign_in("Receptionist")
	page.goto("/app/clinic-appointment/view/calendar/default")
	page.wait_for_function("window.cur_list && cur_list.calendar && cur_list.calendar.$cal")
	times = (
		"cur_list.calendar.options.select(...['12:00', '12:30'].map(t => moment(`${day} ${t}`)), null, {})"
	)
	page.evaluate(f"day => {times}", str(in_days(2)))
	hand.click(page.locator(".modal.show").get_by_role("button", name="Book", exact=True))
	dialog = page.locator(".modal.show", has_text="Book an appointment")
	expect(dialog.locator(".btn-primary[data-start]")).to_have_text("12:00")
	expect(dialog.locator("input[data-fieldname=search]")).to_be_focused()
	page.keyboard.type("branc")
	hand.click(page.get_by_role("button", name="Zoe Brancusi"))
	hand.click(dialog.get_by_role("button", name="Book", exact=True))
	expect(page.get_by_text("Booked:")).to_be_visible()
	expect(page.locator(".fc-event:visible", has_text="Zoe Brancusi")).to_be_visible()
	made = appointment(source="Desk")
	assert made.starts_at_utc == in_utc(on_day(2, 12))
	frappe.db.set_value("Clinic Appointment", made.name, {"patient_name": "Zoe Moved"})
	frappe.db.commit()
	page.evaluate(
		"name => { cur_list.pending_document_refreshes = [{name}]; cur_list.debounced_refresh(); }", made.name
	)
	expect(page.locator(".fc-event:visible", has_text="Zoe Moved")).to_be_visible()


def test_the_list_begins_today_with_doctor_and_clinic(page, scene, sign_in):
	"""UI-2: nearest first, who and where at a glance, squeezed-in ones marked."""
	later, sooner = booked(scene, on_day(4, 9)), booked(scene, on_day(3, 9))
	frappe.db.set_value("Clinic Appointment", later.name, {"squeeze_in": 1})
	frappe.db.commit()
	sign_in("Manager")
	page.goto("/app/clinic-appointment")
	rows = page.locator(".list-row-container .list-row")
	expect(rows).to_have_count(2)
	expect(rows.first).to_contain_text(sooner.doctor_name)
	expect(rows.first).to_contain_text(frappe.db.get_value("Clinic", scene.clinic, "title"))
	expect(rows.last).to_contain_text("squeezed in")


def test_the_list_tells_the_clinic_s_time(page, scene, sign_in):
	"""TI-11, UI-2: where its zone is another than the site's; the zone is said on pointing at it."""
	clinic = frappe.get_doc("Clinic", scene.clinic)
	clinic.timezone = "Europe/London"
	clinic.save()
	booked(scene, on_day(3, 9))
	sign_in("Manager")
	page.goto("/app/clinic-appointment")
	told = page.locator(".list-row-container .list-row").get_by_text("08:00")
	expect(told).to_have_attribute("title", f"{in_days(3)} 08:00 Europe/London")


def test_the_list_begins_today_whenever_it_was_left(page, scene, sign_in):
	"""UI-2: Frappe keeps the day by which the list was filtered; that of another day is today's again."""
	booked(scene, on_day(3, 9))
	sign_in("Receptionist")
	page.goto("/app/clinic-appointment")
	rows = page.locator(".list-row-container .list-row")
	expect(rows).to_have_count(1)
	with page.expect_response("**/frappe.model.utils.user_settings.save"):
		page.evaluate(
			"""async () => {
				await cur_list.filter_area.remove("starts_at");
				await cur_list.filter_area.add([["Clinic Appointment", "starts_at", ">=", "2020-01-01"]]);
				localStorage.setItem("clinic_booking.list_from", "2020-01-01");
			}"""
		)
	page.wait_for_timeout(3000)
	page.reload()
	begins = "window.cur_list && cur_list.filter_area && cur_list.filter_area.get()"
	page.wait_for_function(
		f"{begins} && {begins}.some(f => String(f[3]).startsWith(frappe.datetime.get_today()))"
	)
	expect(rows).to_have_count(1)


def test_closing_a_time_without_a_doctor_keeps_the_time(page, scene, sign_in):
	"""DY-4: the form has the clicked day and hours, and wants the doctor only."""
	hand = sign_in("Receptionist")
	page.goto("/app/clinic-appointment/view/calendar/default")
	page.wait_for_function("window.cur_list && cur_list.calendar && cur_list.calendar.$cal")
	times = (
		"cur_list.calendar.options.select(...['12:00', '12:30'].map(t => moment(`${day} ${t}`)), null, {})"
	)
	page.evaluate(f"day => {times}", str(in_days(2)))
	hand.click(page.locator(".modal.show").get_by_role("button", name="Close This Time"))
	page.wait_for_function("window.cur_frm && cur_frm.doc.kind === 'Closed'")
	doc = page.evaluate("({...cur_frm.doc})")
	shown = (doc["from_date"], doc["start_time"], doc["end_time"], doc.get("doctor") or None)
	assert shown == (str(in_days(2)), "12:00:00", "12:30:00", None)


def test_a_new_patient_is_booked_at_a_free_time(page, scene, sign_in):
	"""BK-4, AV-7: created in the dialog, at one of the times shown."""
	hand = sign_in("Receptionist")
	page.goto("/app/clinic-appointment")
	hand.click(hand.button("Add Clinic Appointment"))
	expect(page.locator(".modal.show select[data-fieldname=clinic]")).not_to_have_value("")
	expect(page.locator(".modal.show input[data-fieldname=search]")).to_be_focused()
	page.keyboard.type("Ana Pop 655 000 333")
	hand.click(page.get_by_role("button", name="New patient: Ana Pop"))
	hand.click(page.locator(f"[data-start='{on_day(2, 12).isoformat()}']"))
	hand.click(page.locator(".modal.show").get_by_role("button", name="Book", exact=True))
	expect(page.locator(".modal.show")).to_be_hidden()
	made = appointment(source="Desk")
	assert (made.contact_name, made.contact_phone) == ("Ana Pop", "+34655000333")


@pytest.mark.parametrize(("answer", "state"), [("Approve", "Confirmed"), ("Decline", "Cancelled")])
def test_a_doctor_answers_a_request(page, scene, sign_in, answer, state):
	"""BK-5: approve at once, decline with a reason."""
	visit = booked(scene)
	hand = sign_in("Doctor")
	page.goto(f"/app/clinic-appointment/{visit.name}")
	hand.click(hand.button(answer))
	if answer == "Decline":
		page.locator(".modal.show textarea").fill("At a congress")
		hand.click(page.locator(".modal.show").get_by_role("button", name="Decline"))
	expect(page.locator(".indicator-pill:visible", has_text=state).first).to_be_visible()
	assert appointment(name=visit.name).status == state


def test_reception_cancels_a_request(page, scene, sign_in):
	"""BK-6: also before the doctor has answered."""
	visit = booked(scene)
	hand = sign_in("Receptionist")
	page.goto(f"/app/clinic-appointment/{visit.name}")
	hand.click(hand.button("Cancel Appointment"))
	page.locator(".modal.show textarea").fill("The patient called")
	hand.click(page.locator(".modal.show").get_by_role("button", name="Cancel the Appointment"))
	expect(page.locator(".indicator-pill:visible", has_text="Cancelled").first).to_be_visible()
	assert appointment(name=visit.name).status == "Cancelled"


def test_a_move_by_dialog(page, scene, sign_in):
	"""PO-1, BK-9: a free time is chosen among buttons; the history says who, from when to when, and why."""
	visit = booked(scene)
	hand = sign_in("Receptionist")
	page.goto(f"/app/clinic-appointment/{visit.name}")
	hand.click(hand.button("Move"))
	hand.click(page.locator(f"[data-start='{on_day(3, 9).isoformat()}']"))
	dialog = page.locator(".modal.show")
	dialog.locator("input[data-fieldname=reason]").fill("The patient asked")
	hand.click(dialog.get_by_role("button", name="Move", exact=True))
	expect(dialog).to_be_hidden()
	moved = appointment(name=visit.name)
	assert moved.starts_at_utc == visit.starts_at_utc + (on_day(3, 9) - on_day(2, 12))
	hand.click(page.get_by_role("tab", name="History"))
	expect(page.get_by_role("cell", name="The patient asked")).to_be_visible()


def test_hours_that_hit_somebody_ask_first(page, scene, sign_in):
	"""AV-11, SE-5: the list, then keep, or cancel with a reason for the patients; the exception's own is the staff's."""
	visit = booked(scene)
	sign_in("Doctor")
	exception = {"doctor": scene.doctors[0], "kind": "Closed", "from_date": str(in_days(2))}
	page.goto("/app/availability-exception/new")
	page.wait_for_function("window.cur_frm && cur_frm.doc.doctype === 'Availability Exception'")
	page.evaluate("values => cur_frm.set_value(values)", exception | {"reason": "Congress"})
	page.expected_errors.append("AppointmentsAffected")
	page.expected_errors.append("417")
	page.keyboard.press("Control+s")
	dialog = page.locator(".modal.show")
	expect(dialog.get_by_text(visit.reference)).to_be_visible()
	assert appointment(name=visit.name).status == "Requested"
	reason = dialog.locator("textarea[data-fieldname=reason]")
	expect(reason).to_have_value("")
	reason.fill("The doctor is away")
	dialog.get_by_role("button", name="Cancel Them").click()
	page.wait_for_function("!cur_frm.is_new()")
	assert appointment(name=visit.name).cancel_reason == "The doctor is away"
	assert frappe.db.exists("Availability Exception", exception)


def test_extra_hours_taken_back_ask_first(page, scene, sign_in):
	"""AV-11: deleting extra hours lists who was booked in them; kept, they stay and the hours go."""
	extra = insert(
		"Availability Exception",
		doctor=scene.doctors[0],
		kind="Open",
		clinic=scene.clinic,
		from_date=in_days(2),
		to_date=in_days(2),
		all_day=0,
		start_time="22:00",
		end_time="23:00",
	)
	frappe.db.commit()
	visit = booked(scene, on_day(2, 22))
	sign_in("Doctor")
	page.expected_errors.extend(("DeletionAffectsAppointments", "417"))
	page.goto(f"/app/availability-exception/{extra.name}")
	page.wait_for_function("window.cur_frm && cur_frm.doc.kind === 'Open'")
	page.evaluate("cur_frm.savetrash()")
	page.locator(".modal.show").get_by_role("button", name="Yes").click()
	dialog = page.locator(".modal.show", has_text="Keep Them")
	expect(dialog.get_by_text(visit.reference)).to_be_visible()
	dialog.get_by_role("button", name="Keep Them").click()
	page.wait_for_url("**/app/availability-exception*")
	assert appointment(name=visit.name).status == "Requested"
	assert not frappe.db.exists("Availability Exception", extra.name)


def test_a_second_patient_is_squeezed_in(page, scene, sign_in):
	"""AV-9: the walk-in finds the doctor busy; a manager gives the reason, and both are there."""
	hand = sign_in("Manager")
	page.expected_errors.append("409")
	page.goto("/app/clinic-appointment")
	for name in ("Zoe Brancusi", "Ana Pop"):
		hand.click(hand.button("Walk-in"))
		expect(page.locator(".modal.show select[data-fieldname=clinic]")).not_to_have_value("")
		expect(page.locator(".modal.show input[data-fieldname=search]")).to_be_focused()
		page.keyboard.type(name)
		hand.click(page.get_by_role("button", name=name).first)
		hand.click(hand.button("Check In"))
		if name == "Ana Pop":
			asked = page.locator(".modal.show", has_text="Squeeze in a second patient?")
			later = page.locator(".modal.show", has_text="next times")
			expect(asked.or_(later)).to_be_visible()
			# Late in the evening there are none.
			if later.is_visible():
				hand.click(later.get_by_role("button", name="Squeeze In"))
			asked.locator("input[data-fieldname=reason]").fill("In pain")
			hand.click(asked.get_by_role("button", name="Squeeze In"))
		expect(page.locator(".modal.show")).to_have_count(0)
	made = appointment(contact_name="Ana Pop")
	assert (made.squeeze_in, made.squeeze_reason, made.status) == (1, "In pain", "Checked In")


def test_bookings_are_tried_out_and_imported(page, scene, sign_in):
	"""BK-10: a dry run lists what is wrong by line, and Import keeps the good lines."""
	hand = sign_in("Manager")
	doctor = frappe.db.get_value("Doctor", scene.doctors[0], "doctor_name")
	good = f"A1,Ana Pop,{doctor},{scene.visit},{in_days(9)} 09:30"
	content = "\n".join(["id,patient_name,doctor,service,start", good, good.replace("A1", "A2")])
	frappe.set_user("manager@staff.example")
	file = insert("File", file_name="old.csv", content=content, is_private=1)
	frappe.set_user("Administrator")
	frappe.db.commit()
	page.goto("/app/clinic-appointment")
	hand.button("Add Clinic Appointment").wait_for()
	page.locator(".menu-btn-group:visible button").click()
	page.get_by_role("link", name="Import from an Older System").click()
	page.wait_for_function("window.cur_dialog")
	values = {"clinic": scene.clinic, "file_url": file.file_url}
	page.evaluate("values => cur_dialog.set_values(values)", values)
	hand.click(hand.button("Try It Out"))
	expect(page.get_by_text("2 lines: 1 can be imported, 0 are here already, 1 have errors.")).to_be_visible()
	assert not frappe.db.exists("Clinic Appointment", {"old_id": "A1"})
	hand.click(page.locator(".modal.show").get_by_role("button", name="Import", exact=True))
	expect(page.get_by_text("2 lines: 1 imported, 0 were here already, 1 had errors.")).to_be_visible()
	expect(page.get_by_role("cell", name="start")).to_be_visible()
	assert appointment(old_id="A1").contact_name == "Ana Pop"
