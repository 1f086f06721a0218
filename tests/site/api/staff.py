"""Members of staff who call over HTTP, and what they are answered."""

import frappe

CALLS = "/api/method/clinic_booking.api."


class Staff:
	"""Somebody signed in: `of("desk")` answers calls of `api.desk` by `get` and `post`."""

	def __init__(self, inside, email, headers):
		self.inside, self.email, self.headers = inside, email, headers

	def of(self, room):
		return Calls(self, room)


class Calls:
	def __init__(self, person, room):
		self.person, self.path = person, f"{CALLS}{room}."

	def get(self, call, **arguments):
		return self.person.inside(
			"GET", self.path + call, query_string=arguments, headers=self.person.headers
		)

	def post(self, call, **arguments):
		return self.person.inside("POST", self.path + call, json=arguments, headers=self.person.headers)


def a_user(name, *roles):
	"""The Authorization header of a new user with `roles`."""
	user = frappe.get_doc(
		doctype="User",
		email=f"{name}@staff.example",
		first_name=name,
		send_welcome_email=0,
		user_type="System User",
	)
	user.append_roles(*roles)
	user.api_key, user.api_secret = f"key{name}", f"secret{name}"
	user.insert(ignore_permissions=True)
	frappe.db.commit()
	return {"Authorization": f"token key{name}:secret{name}"}


def message(answer):
	assert answer.status_code == 200, answer.text
	return answer.get_json()["message"]


def error_of_staff(answer, code="ERR_VALIDATION"):
	"""The `error` of an answer to staff, which also has a message for the desk."""
	error = answer.get_json()["error"]
	assert error["code"] == code, error
	return error
