"""The test site itself: what one test writes, the next does not find."""

import frappe


def test_app_is_installed(site):
	assert "clinic_booking" in frappe.get_installed_apps()


def test_company_is_there(site):
	assert frappe.db.get_value("Company", "Sunrise Clinic", "default_currency") == "EUR"


class TestCommitIsHeldBack:
	def test_commit_and_rollback_keep_their_meaning(self, site):
		note("kept")
		frappe.db.commit()
		note("dropped")
		frappe.db.rollback()
		assert notes() == ["kept"]

	def test_nothing_is_left(self, site):
		assert notes() == []


class TestCommitted:
	def test_new_table_is_there(self, committed):
		frappe.db.sql_ddl("create table stray (name int)")

	def test_new_table_is_gone(self, site):
		assert "stray" not in frappe.db.get_tables(cached=False)

	def test_server_sees_it(self, client):
		note("seen", public=1)
		frappe.db.commit()
		client.login("Administrator")
		assert len(client.get("/api/resource/Note").json()["data"]) == 1

	def test_nothing_is_left(self, site):
		assert notes() == []


def note(title, public=0):
	frappe.get_doc(doctype="Note", title=title, public=public).insert()


def notes():
	return frappe.get_all("Note", pluck="title")
