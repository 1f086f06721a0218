"""The logins of those who work at a clinic."""

import frappe


def give_role(user: str, role: str) -> None:
	"""Give a user the role that being listed as staff or doctor brings, if they lack it."""
	if role in frappe.get_roles(user):
		return
	login = frappe.get_doc("User", user)
	# Who may list staff may give the roles that go with it, and no other; which rows they then reach
	# is decided by the list itself (permissions.py).
	login.flags.ignore_permissions = True
	login.add_roles(role)
