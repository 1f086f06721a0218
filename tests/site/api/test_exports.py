"""What Frappe exports: no cell that a spreadsheet would reckon (IN-7)."""

import csv
import io
import json

import frappe
import pytest
from openpyxl import load_workbook

from tests.builders import a_clinic, a_patient
from tests.site.api.staff import a_user

PATH = "/api/method/frappe.desk.reportview.export_query"
FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(1)", '=HYPERLINK("http://evil.example")')
PLAIN = ("Zoë Pop", "O'Brien", "Ana = Maria", "-5.20")


@pytest.fixture
def exported(inside, committed):
	"""A function: the names of all patients as exported in a format by somebody who may."""
	clinic = a_clinic()
	for name in (*FORMULAS, *PLAIN):
		a_patient(patient_name=name, clinic=clinic.name)
	headers = a_user("admin", "System Manager")

	def export(kind):
		asked = {
			"doctype": "Clinic Patient",
			"fields": json.dumps(["`tabClinic Patient`.`patient_name`"]),
			"file_format_type": kind,
			"title": "Patients",
			"view": "Report",
			"csv_delimiter": ";",
		}
		answer = inside("POST", PATH, data=asked, headers=headers)
		assert answer.status_code == 200, answer.text
		return answer.data

	return export


def test_csv(exported):
	"""IN-7: formulas get an apostrophe, as text that a spreadsheet shows; names and numbers stay as they are."""
	rows = list(csv.reader(io.StringIO(exported("CSV").decode()), delimiter=";"))
	assert {row[1] for row in rows[1:]} >= {*(f"'{formula}" for formula in FORMULAS), *PLAIN}
	assert not [value for row in rows for value in row if value.startswith(("=", "+", "@"))]


def test_excel(exported):
	"""IN-7: what begins like a formula is text in the workbook."""
	sheet = load_workbook(io.BytesIO(exported("Excel"))).active
	cells = {row[1].value: row[1].data_type for row in sheet.iter_rows(min_row=2)}
	assert {cells[name] for name in (*FORMULAS, *PLAIN)} == {"s"}
	assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_other_answers_are_left_alone(inside, committed):
	"""IN-7: a list that is read, not exported, has what was typed."""
	a_patient(patient_name=FORMULAS[0])
	headers = a_user("admin", "System Manager")
	frappe.db.commit()
	asked = {"fields": json.dumps(["patient_name"])}
	answer = inside("GET", "/api/resource/Clinic Patient", query_string=asked, headers=headers)
	assert FORMULAS[0] in answer.text
