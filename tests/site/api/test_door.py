"""The public door over HTTP: what it lets in, and what everything else looks like."""

import json

import frappe

from tests.site.api.conftest import PATH, PATIENT, counts, error_of, set_settings

TOKEN = "A" * 43


def test_an_unknown_call_a_wrong_verb_and_broken_json_have_the_same_shape(server, api):
	"""SE-3: 404, 405, 422, whatever the client accepts, and no traceback though the settings allow one."""
	frappe.db.set_single_value("System Settings", "allow_error_traceback", 1)
	frappe.db.commit()
	as_json = {"Content-Type": "application/json"}
	for accept in ({}, {"Accept": "text/html"}, {"Accept": "application/json"}):
		session, headers = server.client(), accept
		error_of(session.get(PATH + "nothing", headers=headers), 404, "ERR_NOT_FOUND")
		error_of(session.post(PATH + "nothing", json={}, headers=headers), 404, "ERR_NOT_FOUND")
		error_of(
			session.get("/api/method/clinic_booking.nowhere.hold", headers=headers), 404, "ERR_NOT_FOUND"
		)
		error_of(
			session.get("/api/method/clinic_booking.api.door.public", headers=headers), 404, "ERR_NOT_FOUND"
		)
		error_of(
			session.get("/api/v2/method/clinic_booking.api.public.nothing", headers=headers),
			404,
			"ERR_NOT_FOUND",
		)
		wrong = session.get(PATH + "hold", headers=headers)
		error_of(wrong, 405, "ERR_VALIDATION")
		assert wrong.headers["Allow"] == "POST"
		for verb in ("POST", "PUT", "DELETE", "PATCH"):
			error_of(session.request(verb, PATH + "filters", headers=headers), 405, "ERR_VALIDATION")
		for body in (
			"{",
			'{"a": ',
			"[1, 2]",
			'"text"',
			"5",
			"null",
			"[" * 60_000,
			'{"a": ' * 9000,
			"9" * 10_000,
		):
			answer = session.post(PATH + "hold", data=body, headers=headers | as_json)
			error_of(answer, 422, "ERR_VALIDATION")
		error_of(
			session.post(PATH + "hold", data=b'{"a": "\xff"}', headers=headers | as_json),
			422,
			"ERR_VALIDATION",
		)


def test_answers_are_never_kept_and_guests_get_no_cookies(practice, api):
	"""SE-6: no cache, no referrer; a page that sets no cookie asks for no consent."""
	for answer in (api.get("filters"), api.get("nothing"), api.get("doctor", slug="nobody"), api.get("hold")):
		assert answer.headers["Cache-Control"] == "no-store"
		assert answer.headers["Referrer-Policy"] == "no-referrer"
		assert "Set-Cookie" not in answer.headers


def test_the_browsers_cookie_comes_with_the_first_hold(practice, api):
	"""SE-2: random, signed, HttpOnly, SameSite=Lax, once."""
	slots = api.slots(practice)
	first = api.hold(practice, slots[0]["start"])
	cookie = first.headers["Set-Cookie"]
	assert cookie.startswith("clinic_browser=")
	assert "HttpOnly" in cookie
	assert "SameSite=Lax" in cookie
	assert cookie.count("=") <= 5
	assert "Set-Cookie" not in api.hold(practice, slots[4]["start"]).headers
	forged = api.session.cookies["clinic_browser"][:-1] + "x"
	api.session.cookies.clear()
	api.session.cookies["clinic_browser"] = forged
	assert "Set-Cookie" in api.hold(practice, slots[8]["start"]).headers


def test_public_posts_take_json_objects_and_nothing_else(practice, api):
	"""IN-9, SE-6: forms, text, a query string and 5 MB are refused, by 422 and without a change."""
	before = counts()
	send = api.session.post
	for content_type in (
		"application/x-www-form-urlencoded",
		"text/plain",
		"multipart/form-data; boundary=x",
		"",
	):
		body = json.dumps({"token": TOKEN})
		answer = send(PATH + "extend", data=body, headers={"Content-Type": content_type})
		error_of(answer, 422, "ERR_VALIDATION")
	error_of(send(PATH + "extend", data={"token": TOKEN}), 422, "ERR_VALIDATION")
	error_of(send(PATH + "extend?token=" + TOKEN, json={"token": TOKEN}), 422, "ERR_VALIDATION")
	error_of(send(PATH + "extend?token=" + TOKEN), 422, "ERR_VALIDATION")
	big = send(
		PATH + "book", json={"token": TOKEN, "patient": PATIENT | {"note": "x" * 5_000_000}, "consent": True}
	)
	error_of(big, 422, "ERR_VALIDATION")
	error_of(api.session.request("GET", PATH + "filters", json={"a": 1}), 422, "ERR_VALIDATION")
	assert counts() == before


def test_unknown_arguments_are_refused_by_any_name(practice, api):
	"""SE-3: also by the names that Frappe takes for itself."""
	names = [
		"x",
		"fn",
		"flags",
		"ignore_permissions",
		"data",
		"doctype",
		"cmd2",
		"self",
		"kwargs",
		"csrf_token2",
		"sid2",
	]
	for name in names:
		found = error_of(api.get("filters", **{name: "1"}), 422, "ERR_VALIDATION")
		assert list(found["fields"]) == [name]
		found = error_of(api.post("extend", token=TOKEN, **{name: "1"}), 422, "ERR_VALIDATION")
		assert list(found["fields"]) == [name]
	error_of(api.session.get(PATH + "doctor?slug=a&slug=b"), 422, "ERR_VALIDATION")


def test_a_token_may_come_in_a_header(practice, api):
	"""SE-5: to keep it out of logs; an argument goes before it."""
	token = api.hold(practice, api.slots(practice)[0]["start"]).json()["message"]["token"]
	header = {"X-Booking-Token": token}
	assert api.get("booking", headers=header).json()["message"]["status"] == "Held"
	assert api.post("extend", headers=header).status_code == 200
	error_of(api.get("booking", headers=header, token=TOKEN), 404, "ERR_NOT_FOUND")
	error_of(api.get("filters", headers=header, token=token), 422, "ERR_VALIDATION")


def test_tokens_cut_altered_or_of_nobody_look_alike(practice, api):
	"""IN-14: one answer for every token that opens nothing."""
	token = api.booked(practice, api.slots(practice)[0]["start"])
	other = "b" if token[5] == "a" else "a"
	wrong = [
		"",
		"x",
		token[:-1],
		token + "A",
		token[:5] + other + token[6:],
		token.swapcase(),
		TOKEN,
		"' OR '1'='1",
	]
	wrong += [
		"../../etc/passwd",
		"%",
		"_" * 43,
		"null",
		"0",
		"-1",
		"9" * 43,
		"é" * 43,
		token + "\u0000",
		"\U0001f600" * 43,
	]
	answers = {api.post("extend", token=each).text for each in wrong}
	answers |= {api.get("booking", token=each).text for each in wrong if each}
	answers |= {api.get("ics", token=each).text for each in wrong if each} if _has("ics") else set()
	assert len(answers) == 1
	assert json.loads(answers.pop())["error"]["code"] == "ERR_NOT_FOUND"


def test_a_token_after_the_end_opens_the_past_and_changes_nothing(practice, api):
	"""IN-14: cancelled, released and long booked; no 500, and nothing is made or freed again."""
	slots = api.slots(practice)
	cancelled, booked = api.booked(practice, slots[0]["start"]), api.booked(practice, slots[8]["start"])
	released = api.hold(practice, slots[16]["start"]).json()["message"]["token"]
	assert api.post("cancel", token=cancelled).status_code == 200
	assert api.post("release", token=released).status_code == 200
	assert api.get("booking", token=cancelled).json()["message"]["status"] == "Cancelled"
	later = slots[24]["start"]
	attempts = [
		(cancelled, "extend", {}),
		(cancelled, "release", {}),
		(cancelled, "reschedule", {"start": later}),
		(cancelled, "hold", {"doctor": practice.doctor, "service": practice.service, "start": later}),
		(released, "extend", {}),
		(released, "book", {"patient": PATIENT, "consent": True}),
		(released, "reschedule", {"start": later}),
		(released, "hold", {"doctor": practice.doctor, "service": practice.service, "start": later}),
		(booked, "extend", {}),
		(booked, "release", {}),
		(booked, "hold", {"doctor": practice.doctor, "service": practice.service, "start": later}),
	]
	before = counts()
	for token, call, arguments in attempts:
		answer = api.post(call, token=token, **arguments)
		assert answer.status_code in (404, 409, 410, 422), (call, answer.text)
	assert counts() == before


def test_foreign_pages_are_refused_unless_allowed(practice, api):
	"""IN-17: a foreign Origin, "null", a look-alike; without one, or with ours, it passes."""
	own = api.session.url
	port = own.rsplit(":", 1)[1]
	foreign = [
		"https://evil.example",
		"null",
		own + ".evil.example",
		"http://127.0.0.1",
		f"http://evil.127.0.0.1:{port}",
	]
	foreign += [f"http://user@127.0.0.1:{port}", "http://[::1", "", "https://clinic.example:444"]
	before = counts()
	for origin in foreign:
		answer = api.post("extend", headers={"Origin": origin}, token=TOKEN)
		if origin:
			error_of(answer, 403, "ERR_FORBIDDEN")
			assert "Access-Control-Allow-Origin" not in answer.headers
	assert counts() == before
	for headers in ({}, {"Origin": own}, {"Origin": own.replace("http:", "https:")}):
		error_of(api.post("extend", headers=headers, token=TOKEN), 404, "ERR_NOT_FOUND")
	assert api.get("filters", headers={"Origin": "https://evil.example"}).status_code == 200

	set_settings(allowed_origins="https://www.clinic.example\nhttps://clinic.example")
	for origin in ("https://clinic.example", "https://www.clinic.example"):
		allowed = api.post("extend", headers={"Origin": origin}, token=TOKEN)
		error_of(allowed, 404, "ERR_NOT_FOUND")
		assert allowed.headers["Access-Control-Allow-Origin"] == origin
		asked = api.session.options(
			PATH + "extend", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
		)
		assert "X-Booking-Token" in asked.headers["Access-Control-Allow-Headers"]
	error_of(
		api.post("extend", headers={"Origin": "https://evil.example"}, token=TOKEN), 403, "ERR_FORBIDDEN"
	)


def test_a_signed_in_session_needs_its_csrf_token(practice, api):
	"""IN-17: as on any other call of Frappe; without one the answer has our shape."""
	session = api.session.login("Administrator")
	page = session.get("/app")
	token = page.text.split('frappe.csrf_token = "')[1].split('"')[0]
	error_of(api.post("extend", token=TOKEN), 403, "ERR_FORBIDDEN")
	error_of(api.post("extend", headers={"X-Frappe-CSRF-Token": "wrong"}, token=TOKEN), 403, "ERR_FORBIDDEN")
	error_of(api.post("extend", headers={"X-Frappe-CSRF-Token": token}, token=TOKEN), 404, "ERR_NOT_FOUND")
	assert session.cookies["sid"] != "Guest"


def test_a_session_that_ended_is_a_guest(practice, api):
	"""SE-1: an old cookie neither helps nor hurts."""
	api.session.cookies["sid"] = "0123456789abcdef0123456789abcdef"
	answer = api.get("filters")
	assert answer.status_code == 200
	assert set(answer.json()) == {"message"}


def test_get_and_head_change_nothing(practice, api):
	"""IN-15: a scanner opens every link; tables and their contents stay as they are."""
	start = api.slots(practice)[0]["start"]
	held = api.hold(practice, api.slots(practice)[8]["start"]).json()["message"]["token"]
	booked = api.booked(practice, start)
	api.get("booking", token=booked)  # whatever is cached by now is
	before = counts()
	for token in (held, booked):
		for path in (
			PATH + "filters",
			PATH + "doctors",
			PATH + "health",
			PATH + f"doctor?slug={practice.slug}",
			PATH
			+ f"availability?doctor={practice.doctor}&service={practice.service}&from_date=2099-01-01&to_date=2099-01-02&token={token}",
			PATH + f"booking?token={token}",
			PATH + f"ics?token={token}",
			PATH + f"receipt?token={token}",
			PATH + f"hold?token={token}",
			PATH + f"release?token={token}",
			PATH + f"cancel?token={token}",
			f"/booking/{token}",
			"/book",
			f"/book/{practice.slug}",
		):
			for verb in ("GET", "HEAD"):
				answer = api.session.request(verb, path)
				assert answer.status_code in (200, 404, 405, 410, 422), (verb, path, answer.text[:300])
				assert verb == "GET" or not answer.content
	head = api.session.head(PATH + "filters")
	assert head.status_code == 200
	assert counts() == before


def test_maintenance_is_503_in_our_shape(practice, api):
	"""SE-3: ERR_UNAVAILABLE while the site is being updated."""
	from frappe.installer import update_site_config

	update_site_config("maintenance_mode", 1)
	try:
		error_of(api.get("filters"), 503, "ERR_UNAVAILABLE")
		error_of(api.post("extend", token=TOKEN), 503, "ERR_UNAVAILABLE")
	finally:
		update_site_config("maintenance_mode", 0)


def _has(call):
	from clinic_booking.api.door import DOORS

	return f"clinic_booking.api.public.{call}" in DOORS
