"""The amended copy of an entry of ours takes the place of the one that an accountant has cancelled (MO-18)."""

import frappe

CANCELLED = 2


def take_over(entry, unique: tuple[str, ...], more: tuple[str, ...] = ()) -> None:
	"""What the cancelled one was made for is the copy's; of that which can be there once nothing is left on it."""
	amended = entry.amended_from and frappe.db.get_value(
		entry.doctype, {"name": entry.amended_from, "docstatus": CANCELLED}, [*unique, *more], as_dict=True
	)
	if not amended:
		return
	entry.update({field: value for field, value in amended.items() if value})
	if any(amended[field] for field in unique):
		frappe.db.set_value(entry.doctype, entry.amended_from, dict.fromkeys(unique), update_modified=False)
