"""The same over real HTTP, signed in by password and by API key: nothing of it depends on how one signs in (SE-1)."""

import frappe
import pytest
from frappe.utils.password import update_password

from tests.site.permissions.scene import MINE, OTHERS, PEOPLE, Scene

RECEPTION, PATIENT = PEOPLE["Clinic Receptionist"], PEOPLE["Clinic Patient"]
SEARCH = "/api/method/frappe.desk.search.search_link"
COUNT = "/api/method/frappe.client.get_count"


@pytest.fixture
def scene(committed):
	made = Scene()
	for user in (RECEPTION, PATIENT):
		update_password(user, "a-long-password")
		login = frappe.get_doc("User", user)
		login.api_key, login.api_secret = frappe.generate_hash(length=12), "a-secret"
		login.save()
	frappe.db.commit()
	return made


@pytest.fixture(params=["password", "key"])
def signed_in(request, server, scene):
	"""A function that gives a client of a user's."""

	def sign_in(user):
		client = server.client()
		if request.param == "password":
			return client.login(user, "a-long-password")
		key = frappe.db.get_value("User", user, "api_key")
		client.headers["Authorization"] = f"token {key}:a-secret"
		return client

	return sign_in


def test_reception_reaches_its_own(scene, signed_in):
	"""SE-1, IN-13: search, count, print, files and rows, past what Frappe checks by itself."""
	client = signed_in(RECEPTION)
	own, others = (scene.rows["Clinic Patient", whose] for whose in (MINE, OTHERS))
	found = client.get(
		SEARCH, params={"doctype": "Clinic Patient", "txt": "", "ignore_user_permissions": 1}
	).text
	assert own.name in found and others.name not in found
	assert client.get(COUNT, params={"doctype": "Clinic Patient"}).status_code == 403
	staff = scene.rows["Clinic Staff", OTHERS]
	assert client.get(f"/api/resource/Clinic Staff/{staff.name}").status_code == 403
	for row, status in ((own, 200), (others, 403)):
		page = client.get("/printview", params={"doctype": "Clinic Patient", "name": row.name})
		assert page.status_code == status
		assert (row.sign in page.text) is (status == 200)


def test_a_patient_opens_nothing_of_the_desk_s(scene, signed_in):
	"""IN-12: not even their own record: a patient's way are our calls."""
	client = signed_in(PATIENT)
	for (doctype, whose), row in scene.rows.items():
		if whose == MINE:
			answers = [
				client.get(f"/api/resource/{doctype}/{row.name}"),
				client.get(f"/api/v2/document/{doctype}/{row.name}"),
				client.get("/printview", params={"doctype": doctype, "name": row.name}),
				client.get(COUNT, params={"doctype": doctype}),
			]
			for answer in answers:
				assert answer.status_code in (403, 404), (doctype, answer.url)
				assert row.sign not in answer.text
	assert client.get("/app").status_code in (301, 302, 303, 403)
