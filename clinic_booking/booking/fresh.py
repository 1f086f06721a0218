"""What is there now, for a transaction that may have begun before it was (docs/claims.md)."""

import frappe


def read(query: str, values=None, **options):
	"""The rows of a query as they are now.

	In a use case the locks came before the first read, so that its snapshot knows all. A form, REST or an
	import read long before they lock: theirs may be older than the last change, and only a locking read
	sees that. It locks the gaps beside what it reads, too, and so is kept for them.
	"""
	return frappe.db.sql(
		query if frappe.flags.locks_came_first else f"{query} FOR UPDATE", values or (), **options
	)
