"""The browser itself, on a page of Frappe's."""


def test_login_page_is_shown(page):
	page.goto("/login")
	assert page.title() == "Login"
