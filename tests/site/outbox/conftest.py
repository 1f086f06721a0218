import frappe
import pytest

DOCTYPE = "Outbox Trial"
TABLE = f"`tab{DOCTYPE}`"


@pytest.fixture
def trial(committed):
	"""A table with the outbox's fields, and one of effects; gone after the test."""
	frappe.db.sql_ddl(
		f"""CREATE OR REPLACE TABLE {TABLE} (name varchar(140) PRIMARY KEY, outbox_status varchar(20),
		attempts int NOT NULL DEFAULT 0, due_at_utc datetime(6), started_at_utc datetime(6), last_error longtext,
		KEY (outbox_status, due_at_utc))"""
	)
	frappe.db.sql_ddl("CREATE OR REPLACE TABLE `tabOutbox Effect` (name varchar(140), attempt int)")
	yield DOCTYPE
	frappe.db.rollback()
	frappe.db.sql_ddl(f"DROP TABLE {TABLE}")
	frappe.db.sql_ddl("DROP TABLE `tabOutbox Effect`")
