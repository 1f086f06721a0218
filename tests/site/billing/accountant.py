"""What an accountant does by hand to the invoices of visits, and in the lives of visits."""

from decimal import Decimal

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from erpnext.controllers.sales_and_purchase_return import make_return_doc
from frappe.utils import today

from tests.site.billing.practice import invoices


def enter(visit, part=None, **values):
	"""An accountant pays the invoice by hand, or a part of it."""
	entry = get_payment_entry("Sales Invoice", invoices(visit)[0].name, party_amount=part)
	entry.update({"reference_no": "1", "reference_date": today(), "mode_of_payment": "Cash"} | values)
	return entry.insert().submit()


def write_off(visit):
	"""The invoice is paid by a Journal Entry."""
	(invoice,) = invoices(visit)
	cash = frappe.db.get_value("Account", {"company": invoice.company, "account_type": "Cash", "is_group": 0})
	party = {"account": invoice.debit_to, "party_type": "Customer", "party": invoice.customer}
	line = {"reference_type": "Sales Invoice", "reference_name": invoice.name}
	amount = invoice.outstanding_amount
	entry = frappe.get_doc(
		doctype="Journal Entry",
		company=invoice.company,
		posting_date=today(),
		accounts=[
			party | line | {"credit_in_account_currency": amount},
			{"account": cash, "debit_in_account_currency": amount},
		],
	)
	return entry.insert().submit()


def discount(visit, amount, by="a return") -> None:
	"""An accountant takes so much off the invoice."""
	(invoice,) = invoices(visit)
	if by == "amending":
		invoice.cancel()
		changed = amended(invoice)
		changed.items[0].rate -= float(amount)
	else:
		changed = make_return_doc("Sales Invoice", invoice.name)
		changed.items[0].rate, changed.update_outstanding_for_self = float(amount), 0
	changed.save().submit()


def amended(doc):
	"""A copy as the Desk's Amend makes it: with the fields that other copies leave out."""
	copy = frappe.copy_doc(doc)
	copy.amended_from = doc.name
	return copy.insert()


def take_off(entry) -> None:
	"""As the Desk's Unreconcile does."""
	taken_off = frappe.get_doc(doctype="Unreconcile Payment", company=entry.company)
	taken_off.update({"voucher_type": entry.doctype, "voucher_no": entry.name})
	taken_off.add_references()
	taken_off.insert().submit()


class Accountant:
	"""What the lives of visits (`lives.Life`) have of it."""

	def accountant_gives_a_discount(self, visit) -> None:
		if amount := self.part(visit.open):
			discount(visit.doc, amount)
			frappe.db.commit()
			visit.price -= amount
			visit.has_discount = True
			self.owed += amount
			self.tell(visit)

	def accountant_enters_a_part(self, visit) -> None:
		if amount := self.part(visit.open):
			enter(visit.doc, part=float(amount))
			frappe.db.commit()
			visit.settled += amount
			self.owed += amount
			self.tell(visit)

	def accountant_cancels_a_payment(self, visit) -> None:
		entry = frappe.db.get_value(
			"Payment Entry",
			{
				"clinic_booking_appointment": visit.doc.name,
				"docstatus": 1,
				"mode_of_payment": "Cash",
				"payment_type": "Receive",
			},
			["name", "paid_amount"],
		)
		amount = entry and Decimal(str(entry[1])).quantize(self.smallest)
		if not entry or amount > min(visit.cash, visit.settled):
			return
		frappe.get_doc("Payment Entry", entry[0]).cancel()
		frappe.db.commit()
		visit.cash -= amount
		visit.settled -= amount
		self.owed -= amount
		self.tell(visit)
