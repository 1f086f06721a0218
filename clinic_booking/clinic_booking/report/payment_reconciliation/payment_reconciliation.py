from dataclasses import asdict

from frappe import _

from clinic_booking.billing import reconciliation
from clinic_booking.clinic_booking.report.period import amount, clinics, column, period, title
from clinic_booking.translations import translate


def execute(filters=None) -> tuple[list[dict], list[dict]]:
	"""Columns and rows: where provider, ledger and appointment differ, refunds that are open, what is not posted (PY-5)."""
	filters = filters or {}
	return columns(), [
		_row(found) for found in reconciliation.differences(*period(filters), clinics(filters))
	]


def columns() -> list[dict]:
	return [
		column("what", _("What"), width=320),
		column("clinic", _("Clinic"), width=160),
		column("appointment", _("Appointment"), "Link", 160, options="Clinic Appointment"),
		column("doctype", _("Document Type"), width=140),
		column("name", _("Document"), "Dynamic Link", 140, options="doctype"),
		amount("amount", _("Amount")),
		column("currency", _("Currency"), width=90),
		column("since", _("Since"), "Date", 110),
	]


def _row(found: reconciliation.Difference) -> dict:
	return asdict(found) | {
		"clinic": title(found.clinic),
		"what": translate(found.what),
		"amount": float(found.amount),
	}
