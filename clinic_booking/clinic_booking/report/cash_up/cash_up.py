from frappe import _

from clinic_booking.billing import cash_up
from clinic_booking.clinic_booking.report.period import amount, clinics, column, period, title


def execute(filters=None) -> tuple[list[dict], list[dict]]:
	"""Columns and rows of the till: a row for each day, clinic, mode and cashier, then one total a currency (PY-4)."""
	filters = filters or {}
	lines = cash_up.lines(*period(filters), clinics(filters))
	return columns(), [*map(_row, lines), *_totals(lines)]


def columns() -> list[dict]:
	return [
		column("day", _("Day"), "Date", 110),
		column("clinic", _("Clinic"), width=180),
		# No links: reception may not read these records.
		column("mode", _("Mode of Payment"), width=140),
		column("cashier", _("Cashier"), width=180),
		column("count", _("Payments"), "Int", 90),
		amount("received", _("Received")),
		amount("returned", _("Given Back")),
		amount("net", _("Net")),
		column("currency", _("Currency"), width=90),
	]


def _row(line: cash_up.Line) -> dict:
	figures = {field: float(getattr(line, field)) for field in ("received", "returned", "net")}
	plain = {field: getattr(line, field) for field in ("day", "mode", "cashier", "count", "currency")}
	return plain | figures | {"clinic": title(line.clinic)}


def _totals(lines: list[cash_up.Line]) -> list[dict]:
	return [
		{
			"mode": _("Total"),
			"received": float(received),
			"returned": float(returned),
			"net": float(received - returned),
			"currency": currency,
			"bold": 1,
		}
		for currency, (received, returned) in sorted(cash_up.totals(lines).items())
	]
