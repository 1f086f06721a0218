"""What hangs on records, names them or leads to them by a detour, follows them (SE-1, SE-5, IN-12, IN-13)."""

from itertools import product

import frappe
import pytest
from frappe.utils.response import download_private_file
from werkzeug.exceptions import Forbidden

from clinic_booking.permissions import DOCTYPES
from tests.builders import a_patient, insert
from tests.site.permissions.asking import ask, call, remember, undo
from tests.site.permissions.scene import COLLEAGUES, MINE, OTHERS, PEOPLE, Scene, at_hour

STAFF = ("Clinic Doctor", "Clinic Receptionist", "Clinic Manager")
LIMITED = ("Guest", "Clinic Patient", *STAFF, "Accounts User")
# What Frappe keeps about documents.
ABOUT = ("Comment", "Communication", "File", "ToDo", "Version", "Deleted Document", "DocShare", "View Log")
ABOUT += (
	"Access Log",
	"Activity Log",
	"Notification Log",
	"Error Log",
	"Email Queue",
	"Tag Link",
	"Document Follow",
)


@pytest.fixture
def scene(site):
	made = Scene()
	remember()
	return made


@pytest.fixture
def papers(scene):
	"""A comment, an e-mail, a private file, an assignment and a version about the other clinic's records; a word in all."""
	word = frappe.generate_hash(length=12)
	frappe.set_user(PEOPLE["System Manager"])
	for doctype in ("Clinic Patient", "Clinic Appointment"):
		about = {"reference_doctype": doctype, "reference_name": scene.rows[doctype, OTHERS].name}
		insert("Comment", comment_type="Comment", content=word, **about)
		insert("Communication", subject=word, content=word, recipients="x@example.com", **about)
		attached = {"attached_to_doctype": doctype, "attached_to_name": about["reference_name"]}
		insert("File", file_name=f"{word}-{doctype}.txt", content=word, is_private=1, **attached)
		todo = {"reference_type": doctype, "reference_name": about["reference_name"]}
		insert("ToDo", description=word, allocated_to=PEOPLE["System Manager"], **todo)
		insert("Version", ref_doctype=doctype, docname=about["reference_name"], data=f'{{"x": "{word}"}}')
	remember()
	return word


def test_papers_follow_the_record(scene, papers):
	"""SE-1, IN-12, IN-13: comments, e-mails, files, assignments and versions about others' records are in no list."""
	for role in LIMITED:
		assert_in_no_list(papers, PEOPLE[role])


def assert_in_no_list(papers, user):
	for doctype in ABOUT:
		for answer in (
			ask(user, "GET", f"/api/resource/{doctype}", fields=["*"], limit_page_length=0),
			call(user, "frappe.desk.reportview.get", doctype=doctype, fields=["*"], page_length=1000),
			call(user, "frappe.desk.search.search_link", doctype=doctype, txt=papers, page_length=1000),
		):
			assert papers not in answer.text, (doctype, user)
	assert papers not in call(user, "frappe.utils.global_search.search", text=papers).text
	assert papers not in call(user, "frappe.core.api.file.get_files_by_search_text", text=papers).text


def test_private_files_follow_the_record(scene, papers):
	"""SE-1, IN-12: a file is had by whoever may read what it hangs on."""
	own = insert(
		"File", file_name="own.txt", content="own", is_private=1,
		attached_to_doctype="Clinic Patient", attached_to_name=scene.rows["Clinic Patient", MINE].name,
	)  # fmt: skip
	others = frappe.get_all("File", {"file_name": ("like", f"{papers}%")}, pluck="file_url")
	for role in LIMITED:
		ask(PEOPLE[role], "GET", "/api/method/ping")
		assert not any(map(is_downloaded, others)), role
		assert is_downloaded(own.file_url) is (role in STAFF), role


def is_downloaded(url) -> bool:
	try:
		answer = download_private_file(url)
	except Forbidden:
		return False
	answer.close()
	return answer.status_code == 200


def test_nothing_of_ours_is_in_the_global_search():
	"""SE-1: it knows roles, and no rows."""
	for doctype in DOCTYPES:
		meta = frappe.get_meta(doctype)
		assert not meta.get_global_search_fields() or meta.istable, doctype
		assert not meta.show_name_in_global_search


def test_versions_only_where_no_patient_s_words_are():
	"""SE-5: changes are tracked on what is offered and by whom, never on people and their visits."""
	tracked = {doctype for doctype in DOCTYPES if frappe.get_meta(doctype).track_changes}
	offered = {"Clinic", "Clinic Room", "Clinic Service", "Specialty", "Doctor", "Availability Exception"}
	assert tracked == offered | {"Clinic Booking Settings"}


def test_naming_somebody_does_not_make_them_one_s_own(scene):
	"""SE-1, IN-10: an appointment for, or a guardian from, another clinic's patients takes more than their record's name."""
	for role in STAFF:
		assert_not_made_one_s_own(scene, PEOPLE[role])


def assert_not_made_one_s_own(scene, user):
	patient = scene.rows["Clinic Patient", OTHERS]
	visit = scene.rows["Clinic Appointment", MINE]
	stolen = visit.like | {"patient": patient.name, "starts_at_utc": at_hour(17)}
	assert not call(user, "frappe.client.insert", doc={"doctype": visit.doctype, **stolen}).ok
	undo()
	own = scene.rows["Clinic Patient", MINE]
	for field in ("guardian", "possible_duplicate_of"):
		values = {"doctype": own.doctype, "name": own.name, "fieldname": {field: patient.name}}
		assert not call(user, "frappe.client.set_value", **values).ok
		undo()
	changed = call(
		user,
		"frappe.client.set_value",
		doctype=visit.doctype,
		name=visit.name,
		fieldname={"patient": patient.name},
	)
	assert not changed.ok
	undo()
	made_up = {"doctype": visit.doctype, "__islocal": 1, "patient": patient.name}
	assert (
		patient.sign
		not in call(user, "frappe.www.printview.get_html_and_style", doc=frappe.as_json(made_up)).text
	)


def test_relatives_elsewhere_are_not_looked_into(scene):
	"""SE-1: through a link to a patient of another clinic nothing of theirs is read, sorted by or searched."""
	other = scene.rows["Clinic Patient", OTHERS]
	phone = frappe.db.get_value("Clinic Patient", other.name, "phone")
	for field in ("guardian", "possible_duplicate_of"):
		frappe.db.set_value("Clinic Patient", scene.rows["Clinic Patient", MINE].name, field, other.name)
	remember()
	roads = ("frappe.client.get_list", "frappe.desk.reportview.get", "frappe.desk.reportview.export_query")
	wanted = [
		f.format(field)
		for field in ("guardian", "possible_duplicate_of")
		for f in ("{0}.phone", "{0}.phone as x", "max({0}.phone)")
	]
	for role, field, road in product(STAFF, wanted, roads):
		options = {"doctype": "Clinic Patient", "title": "x", "file_format_type": "CSV"}
		answer = call(PEOPLE[role], road, fields=["name", field], **options)
		undo()
		assert phone not in answer.text, (role, road, field)


def test_a_note_is_for_its_doctor_and_the_managers(scene):
	"""PT-5: on the form of an appointment, by role."""
	word = frappe.generate_hash(length=12)
	visit = scene.rows["Clinic Appointment", MINE]
	sealed = frappe.utils.password.encrypt(word)
	frappe.db.set_value("Clinic Appointment", visit.name, "note_encrypted", sealed, update_modified=False)
	remember()
	readers = set()
	for role, user in PEOPLE.items():
		answer = call(user, "frappe.desk.form.load.getdoc", doctype=visit.doctype, name=visit.name)
		assert sealed not in answer.text
		readers |= {role} if word in answer.text else set()
	assert readers == {"Clinic Doctor", "Clinic Manager"}


def test_a_search_with_two_clinics_finds_one(scene):
	"""SE-1: a patient who goes to both clinics is found at both; the appointments elsewhere are not."""
	patient = a_patient(clinic=scene.south.clinic.name)
	at = scene.rows["Clinic Appointment", COLLEAGUES].like
	insert("Clinic Appointment", **at | {"patient": patient.name, "starts_at_utc": at_hour(18)})
	there = scene.rows["Clinic Appointment", OTHERS].like
	elsewhere = insert(
		"Clinic Appointment", **there | {"patient": patient.name, "starts_at_utc": at_hour(19)}
	)
	remember()
	reception, doctor = PEOPLE["Clinic Receptionist"], PEOPLE["Clinic Doctor"]
	assert patient.name in call(reception, "frappe.client.get_list", doctype="Clinic Patient").text
	assert patient.name not in call(doctor, "frappe.client.get_list", doctype="Clinic Patient").text
	seen = call(
		reception, "frappe.client.get_list", doctype="Clinic Appointment", filters={"patient": patient.name}
	)
	assert len(seen.message) == 1 and elsewhere.name not in seen.text


def test_words_that_are_also_names_of_ours_trouble_nobody(scene):
	"""SE-1: the guard asks about DocTypes where they are meant; elsewhere a doctor is a designation, a clinic a group."""
	user = PEOPLE["Accounts User"]
	insert("Designation", designation_name="Doctor")
	group = insert("Customer Group", customer_group_name="Clinic", is_group=0)
	remember()
	assert call(user, "frappe.client.get_list", doctype="Customer Group", filters={"name": "Clinic"}).message
	assert call(
		user, "frappe.client.insert", doc={"doctype": "ToDo", "description": "Doctor", "allocated_to": user}
	).ok
	assert ask(user, "GET", f"/api/resource/Customer Group/{group.name}").ok
	refused = ask(user, "GET", "/api/resource/Designation/Doctor").error
	assert refused is None or "Designation" in str(frappe.local.message_log)


def test_a_kanban_board_moves_what_may_be_changed(scene):
	"""SE-1, UI-2: dragging a card names the board and the card, no DocType; the card is checked all the same."""
	board = insert(
		"Kanban Board", kanban_board_name="Visits", reference_doctype="Clinic Appointment", field_name="status",
		columns=[{"column_name": status} for status in ("Confirmed", "Cancelled")],
	)  # fmt: skip
	remember()
	moved = {"board_name": board.name, "from_colname": "Confirmed", "to_colname": "Cancelled"}
	for role in LIMITED:
		visit = scene.rows["Clinic Appointment", OTHERS]
		call(
			PEOPLE[role], "frappe.desk.doctype.kanban_board.kanban_board.update_order_for_single_card",
			docname=visit.name, old_index=0, new_index=0, **moved,
		)  # fmt: skip
		assert frappe.db.get_value("Clinic Appointment", visit.name, "status") == "Confirmed", role
		undo()
