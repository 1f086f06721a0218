"""Frappe's exports, without cells that a spreadsheet would reckon instead of show (IN-7).

Patients write names and reasons; staff open them in Excel. Frappe writes "=HYPERLINK(…)" as it is.
"""

import csv
import io
import re

import frappe
from frappe.desk.utils import get_csv_bytes, pop_csv_params
from openpyxl import load_workbook

# A list or the report builder; a report; a template with what is there.
EXPORTS = frozenset(
	(
		"frappe.desk.reportview.export_query",
		"frappe.desk.query_report.export_query",
		"frappe.core.doctype.data_export.exporter.export_data",
		"frappe.core.doctype.data_import.data_import.download_template",
	)
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?[\d\s.,]+")
WORKBOOK = b"PK"


def after_request(response=None, request=None) -> None:
	"""Frappe's `after_request`: what an export answers is answered without formulas."""
	called = {request.path.rpartition("/")[2], frappe.local.form_dict.get("cmd")} if request else set()
	if called.isdisjoint(EXPORTS) or response.status_code != 200:
		return
	content, response.data = response.data, b""
	# Should this fail, nothing is exported.
	response.data = _workbook(content) if content.startswith(WORKBOOK) else _csv(content)


def cell(value):
	"""A value as it may stand in a cell: text that begins like a formula gets an apostrophe, numbers stay."""
	is_formula = isinstance(value, str) and value.startswith(FORMULA) and not NUMBER.fullmatch(value)
	return f"'{value}" if is_formula else value


def _csv(content: bytes) -> bytes:
	written = pop_csv_params(frappe._dict(frappe.local.form_dict))
	rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), delimiter=written["delimiter"])
	return get_csv_bytes([[cell(value) for value in row] for row in rows], written)


def _workbook(content: bytes) -> bytes:
	"""Text that openpyxl took for a formula is one in Excel, too; anything else it shows as it is."""
	book = load_workbook(io.BytesIO(content))
	for sheet in book:
		for each in (each for row in sheet.iter_rows() for each in row if each.data_type == "f"):
			each.data_type = "s"
	file = io.BytesIO()
	book.save(file)
	return file.getvalue()
