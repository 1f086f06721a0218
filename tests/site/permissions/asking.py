"""Asks Frappe as a request of a signed-in person does: the same routes and calls, in this process and undone after."""

import json
from dataclasses import dataclass

import frappe
import frappe.api
from frappe.auth import validate_auth_via_hooks
from frappe.utils.response import json_handler
from werkzeug.datastructures import FileStorage
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

CALL = "/api/method/"


@dataclass
class Answer:
	"""`error` is what was raised, `text` what came back."""

	error: Exception | None
	text: str
	body: dict

	@property
	def message(self):
		return self.body.get("message", self.body.get("data"))

	@property
	def ok(self) -> bool:
		return self.error is None and "error" not in self.body


def ask(user: str, verb: str, path: str, /, files: dict | None = None, **values) -> Answer:
	"""One request; what it wrote stays until `undo`."""
	frappe.set_user(user)
	frappe.flags.api_name_set = False
	sent = {"query_string": plain(values)} if verb == "GET" else {"json": plain(values, keep=True)}
	if files:
		sent = {"data": plain(values) | {name: FileStorage(*file) for name, file in files.items()}}
	request = Request(EnvironBuilder(path, method=verb, **sent).get_environ())
	frappe.local.request = request
	frappe.local.request_ip = "127.0.0.1"
	frappe.local.form_dict = frappe._dict(values if verb != "GET" else plain(values))
	frappe.local.response = frappe._dict(docs=[])
	frappe.local.message_log = []
	try:
		for hook in frappe.get_hooks("before_request"):
			frappe.get_attr(hook)()
		validate_auth_via_hooks()
		response = frappe.api.handle(request)
	except Exception as error:
		return Answer(error, "", {})
	finally:
		request.close()
		request.environ["wsgi.input"].close()
	text = response.get_data(as_text=True) if response.mimetype != "application/pdf" else "%PDF"
	return Answer(None, text, body_of(response, text))


def call(user: str, method: str, /, **values) -> Answer:
	"""POST to a whitelisted function."""
	return ask(user, "POST", CALL + method, **values)


def undo() -> None:
	"""Back to the scene, whatever the request committed; callbacks that wait for a rollback run."""
	frappe.set_user("Administrator")
	frappe.db.rollback()
	frappe.db.sql("rollback to savepoint scene")
	frappe.db.sql("savepoint so_far")


def remember() -> None:
	"""Where `undo` goes back to: now."""
	frappe.db.commit()
	frappe.db.sql("savepoint scene")
	frappe.db.sql("savepoint so_far")


def plain(values: dict, keep: bool = False) -> dict:
	"""As a browser sends them: lists and groups as JSON, or, in a JSON body, dates as text."""
	if keep:
		return json.loads(json.dumps(values, default=json_handler))
	return {
		name: value if isinstance(value, str) else json.dumps(value, default=json_handler)
		for name, value in values.items()
	}


def body_of(response, text: str) -> dict:
	if response.mimetype != "application/json":
		return {}
	body = json.loads(text or "null")
	return body if isinstance(body, dict) else {"message": body}
