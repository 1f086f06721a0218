import frappe
import pytest

from clinic_booking.setup import install
from tests.builders import insert


@pytest.mark.parametrize(
	("version", "is_good"),
	[
		("10.6.0-MariaDB", True),
		("10.11.6-MariaDB-0+deb12u1-log", True),
		("11.4.2-MariaDB", True),
		("5.5.5-10.6.18-MariaDB", True),
		("10.5.23-MariaDB", False),
		("5.5.5-10.3.39-MariaDB", False),
		("8.0.36", False),
		("9.0.1-commercial", False),
		("PostgreSQL 16.2", False),
		("", False),
	],
)
def test_database_must_know_without_overlaps(version, is_good):
	"""BK-3: MariaDB from 10.6 on, whatever its version string looks like, and nothing else."""
	assert install.is_database_good(version) is is_good


def test_install_on_another_database_is_refused(monkeypatch):
	"""BK-3: nothing is installed, and the message says what is needed."""
	monkeypatch.setattr(frappe.db, "sql", lambda *args, **kwargs: (("8.0.36",),))
	with pytest.raises(frappe.ValidationError, match="needs MariaDB 10.6"):
		install.before_install()


def test_roles_have_the_desk_or_not():
	"""SE-1: three roles work at the desk, patients don't."""
	desk = dict(frappe.get_all("Role", {"name": ("like", "Clinic %")}, ["name", "desk_access"], as_list=True))
	assert desk == {"Clinic Manager": 1, "Clinic Receptionist": 1, "Clinic Doctor": 1, "Clinic Patient": 0}


def test_roles_that_were_here_before_stay():
	"""LI-9: a role of another app with one of our names outlives us; ours go, and from users too."""
	frappe.db.set_global(install.MADE_ROLES, '["Clinic Doctor", "Clinic Patient"]')
	user = insert("User", email="both@example.com", first_name="Both", send_welcome_email=0)
	user.add_roles("Clinic Doctor", "Clinic Manager")
	install.delete_roles()
	assert frappe.db.exists("Role", "Clinic Manager") and frappe.db.exists("Role", "Clinic Receptionist")
	assert not frappe.db.exists("Role", "Clinic Doctor") and not frappe.db.exists("Role", "Clinic Patient")
	assert [row.role for row in frappe.get_doc("User", user.name).roles] == ["Clinic Manager"]


def test_a_lost_role_comes_back_with_a_migration():
	"""LI-7: after_migrate puts back what must hold, and remembers that it was ours."""
	frappe.delete_doc("Role", "Clinic Patient", force=True)
	install.after_migrate()
	assert frappe.db.exists("Role", "Clinic Patient")
	assert "Clinic Patient" in frappe.db.get_global(install.MADE_ROLES)


def test_new_settings_get_their_defaults_and_old_ones_stay():
	"""LI-7: an upgrade that brings a setting brings its default; what a clinic chose is left alone."""
	settings = frappe.get_doc(install.SETTINGS)
	settings.hold_minutes, settings.max_moves = 25, 0
	settings.save()
	frappe.db.delete("Singles", {"doctype": install.SETTINGS, "field": "limit_hold"})
	install.after_migrate()
	settings = frappe.get_doc(install.SETTINGS)
	assert (settings.hold_minutes, settings.max_moves, settings.limit_hold) == (25, 0, 60)
