"""The one way in: everything that HTTP can call is registered here, checked here, and fails here.

	@public("POST", limit="hold")
	def hold(doctor: RecordName, start: Instant, token: Token | None = None) -> dict:

The function gets checked keyword arguments and returns plain values or `Raw`, or raises one of
`clinic_booking.errors`. From in here call what stands behind a door, not the door: the undecorated
function is its `function`.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe.utils import escape_html
from pydantic import ValidationError
from redis.exceptions import RedisError
from werkzeug.wrappers import Response

from clinic_booking.api import limits
from clinic_booking.api.arguments import arguments_of, from_text
from clinic_booking.api.before import arguments
from clinic_booking.api.caller import caller, new_browser, setting
from clinic_booking.api.failures import answer_to, translated
from clinic_booking.errors import Forbidden, Unauthorized, Validation, _
from clinic_booking.inputs import TEXT, UNKNOWN, Model, fields_of

__all__ = ("DOORS", "Door", "Raw", "caller", "desk", "patient", "public", "signed_in", "webhook")

VERBS = {"GET": ("GET", "HEAD"), "POST": ("POST",)}
LARGEST_BODY = 64 * 1024
LARGEST_WEBHOOK = 1024 * 1024
TOKEN_HEADER = "X-Booking-Token"
STAFF = ("Clinic Manager", "Clinic Receptionist", "Clinic Doctor", "System Manager")
# What Frappe keeps among the arguments for itself.
FRAPPES_OWN = ("cmd", "csrf_token")


@dataclass(frozen=True)
class Raw:
	"""An answer that is not JSON of ours: a file, or JSON already written."""

	body: bytes
	content_type: str
	filename: str | None = None
	inline: bool = False


@dataclass(frozen=True)
class Door:
	"""What is known of one call. `roles` empty: anybody (public) or anybody signed in.

	`as_it_came`: the function reads body and headers by itself.
	"""

	name: str
	verb: str
	function: Callable = field(repr=False)
	arguments: type[Model] = field(repr=False)
	public: bool
	limit: str | None
	roles: tuple[str, ...]
	as_it_came: bool = False

	@property
	def takes_token(self) -> bool:
		return "token" in self.arguments.model_fields


DOORS: dict[str, Door] = {}
"""Every call of ours by its dotted path."""


def public(verb: str, limit: str = "read") -> Callable:
	"""Open a function to everybody (design.md, The public door).

	`verb` GET or POST; `limit` one of read, hold, book, receipt, resend (SE-2).
	"""
	return lambda function: _register(function, verb, is_public=True, limit=limit)


def signed_in(verb: str, *roles: str) -> Callable:
	"""Open a function to whoever is signed in and has one of `roles` (none: whoever is signed in)."""
	return lambda function: _register(function, verb, roles=roles)


def desk(verb: str, *roles: str) -> Callable:
	"""Open a function to staff: whoever has one of `roles`, or any role of ours on the desk."""
	return signed_in(verb, *(roles or STAFF))


def patient(verb: str) -> Callable:
	"""Open a function to patients who are signed in."""
	return signed_in(verb, "Clinic Patient")


def webhook(function: Callable) -> Callable:
	"""Open a function to what a provider posts: it gets `body` and lower-case `headers`, and proves whose they are.

	Asks for no Origin, no content type of ours, and knows no limits: a provider posts as often as it must (SE-6).
	"""
	return _register(function, "POST", is_public=True, as_it_came=True)


# -- registration ----------------------------------------------------------------------------------


def _register(
	function: Callable,
	verb: str,
	*,
	is_public: bool = False,
	limit: str | None = None,
	roles: tuple = (),
	as_it_came: bool = False,
) -> Callable:
	address = address_of(function.__module__)
	name = f"{address}.{function.__qualname__}"
	arguments = Model if as_it_came else arguments_of(function)
	door = Door(name, verb, function, arguments, is_public, limit, roles, as_it_came)

	# Not functools.wraps: Frappe follows __wrapped__ and silently drops arguments it doesn't find there.
	def wrapper(**kwargs):
		return _pass(door)

	for attribute in ("__name__", "__qualname__", "__doc__"):
		setattr(wrapper, attribute, getattr(function, attribute))
	wrapper.__module__ = address
	wrapper.door = door
	wrapper.function = function
	DOORS[name] = door
	# xss_safe: Frappe's cleaning rewrites what was typed; we escape where it is shown. Only doors open to
	# guests know it.
	safe = {"xss_safe": True} if is_public else {}
	return frappe.whitelist(allow_guest=is_public, methods=list(VERBS[verb]), **safe)(wrapper)


def address_of(module: str) -> str:
	"""Where the calls of a module are called: those of `api.desk_money`, which `api.desk` imports, as its own."""
	package, _dot, name = module.rpartition(".")
	return f"{package}.{name.partition('_')[0]}"


# -- a call ----------------------------------------------------------------------------------------


def _pass(door: Door) -> Any:
	# The after_request hook leaves alone what comes from here.
	frappe.local.request.clinic_booking_door = door
	try:
		result = door.function(**(_as_it_came() if door.as_it_came else _checked(door)))
		if door.verb == "POST":
			_commit()
	except Exception as error:
		result = _refuse(door, error)
	else:
		if door.public:
			frappe.local.message_log = []
			frappe.local.response.pop("session_expired", None)
	return _raw(result) if isinstance(result, Raw) else result


def _checked(door: Door) -> dict[str, Any]:
	"""The arguments of the current call, of the right types; or the reason why it may not pass."""
	request = frappe.local.request
	who = caller()
	if door.verb == "POST":
		_check_origin(request)
	if not door.public:
		_check_role(door, who)
	limits.apply(door.limit or "read", who)
	if door.limit == "hold" and not who.has_cookie:
		# This call is the first of those that its cookie may make.
		limits.count("hold", new_browser())
	values, as_text = _received(door, request)
	if door.takes_token and "token" not in values and (token := request.headers.get(TOKEN_HEADER)):
		values["token"] = token
	try:
		checked = door.arguments.model_validate(values, context=TEXT if as_text else None)
	except ValidationError as error:
		# Not "from error": pydantic's knows the values.
		raise Validation(fields=fields_of(error)) from None
	return checked.__dict__


def _received(door: Door, request) -> tuple[dict[str, Any], bool]:
	"""What was sent, and whether it came as text: a query string or, from staff, a form."""
	if door.verb == "GET":
		if request.content_length:
			raise Validation(fields={"body": UNKNOWN})
		_once(request.args)
		as_text = True
	else:
		if (request.content_length or 0) > LARGEST_BODY or len(request.get_data()) > LARGEST_BODY:
			raise Validation(fields={"body": _("This is too long.")})
		if request.query_string:
			raise Validation(fields={name[:80]: UNKNOWN for name in list(request.args)[:20]})
		if as_text := request.mimetype != "application/json":
			if door.public:
				raise Validation(fields={"body": _("This must be JSON.")})
			_once(request.form)
	values = {name: value for name, value in arguments().items() if name not in FRAPPES_OWN}
	return (from_text(door.arguments, values) if as_text else values), as_text


def _as_it_came() -> dict[str, Any]:
	request = frappe.local.request
	if (request.content_length or 0) > LARGEST_WEBHOOK or len(request.get_data()) > LARGEST_WEBHOOK:
		raise Validation(fields={"body": _("This is too long.")})
	return {
		"body": request.get_data(),
		"headers": {name.lower(): value for name, value in request.headers.items()},
	}


def _once(arguments) -> None:
	"""Refuse an argument given twice: two readers of one address would take a different one."""
	if twice := [name for name, values in arguments.lists() if len(values) > 1]:
		raise Validation(fields={name[:80]: _("This was given twice.") for name in twice[:20]})


def _check_origin(request) -> None:
	"""A browser says where a page comes from: ours, or one that the settings allow (SE-6)."""
	origin = request.headers.get("Origin")
	if origin and not is_own(origin, request.host) and not is_allowed(origin):
		raise Forbidden


def is_own(origin: str, host: str) -> bool:
	"""Whether `origin` is a page of this host. Its scheme a proxy in front may have changed."""
	return bool(host) and origin.lower().partition("://")[2] == host.lower()


def is_allowed(origin: str) -> bool:
	"""Whether the settings let pages of `origin` call us."""
	allowed = (setting("allowed_origins") or "").lower().split()
	return origin.lower() in {line.rstrip("/") for line in allowed}


def _check_role(door: Door, who) -> None:
	if not who.signed_in:
		raise Unauthorized
	if door.roles and who.user != "Administrator" and not set(door.roles) & set(frappe.get_roles(who.user)):
		raise Forbidden


def _commit() -> None:
	"""Commit before answering, so that a commit that fails is answered as every other failure.

	What waits for the commit (jobs, signals) needs Redis; it has been dropped from the list when it
	fails, so the next round goes on with the rest. A sweep finds the rows (design.md, 2 and 3).
	"""
	while True:
		try:
			frappe.db.commit()  # nosemgrep: this is the end of the request
			return
		except RedisError:
			continue


def _refuse(door: Door, error: Exception) -> None:
	"""Undo everything, and answer with one of our errors and nothing else."""
	is_connected = _undo()
	answer = answer_to(error, door.name, for_staff=not door.public)
	if not is_connected:
		# Frappe ends every request with a commit or a rollback, and can't answer when that fails.
		frappe.local.db = None
	frappe.local.message_log = []
	frappe.local.error_log = []
	frappe.local.debug_log = []
	frappe.flags.error_message = None
	facts = translated(answer)
	frappe.local.response = frappe._dict(docs=[], http_status_code=answer.status, error=facts)
	if not door.public:
		# The desk shows these by itself.
		sentences = " ".join([facts["message"], *facts.get("fields", {}).values()])
		frappe.local.message_log = [{"message": escape_html(sentences), "indicator": "red"}]


def _undo() -> bool:
	"""Roll back, since Frappe commits after a POST whatever it answers; False where the connection is lost."""
	try:
		frappe.db.rollback()
		return True
	except Exception:  # whatever it is, the connection can't be used any more
		with suppress(Exception):
			frappe.db.close()
		return False


def _raw(result: Raw) -> Response:
	response = Response(result.body, content_type=result.content_type)
	if result.filename:
		kind = "inline" if result.inline else "attachment"
		response.headers.set("Content-Disposition", kind, filename=result.filename)
	return response
