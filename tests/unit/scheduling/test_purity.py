"""The thinking is pure: design, *Imports go one way* and *Time*."""

import ast
import sys
from pathlib import Path

import pytest

import clinic_booking.scheduling

FOLDER = Path(clinic_booking.scheduling.__file__).parent
FILES = sorted(FOLDER.glob("*.py"))
CLOCKS = {"now", "utcnow", "today", "time_ns", "monotonic"}
OUTSIDE = {"open", "print", "input", "exec", "eval", "__import__"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_standard_library_only(path):
	"""AV-7: scheduling imports the standard library and itself, at the top of the file, and says so."""
	tree = ast.parse(path.read_text())
	for node in ast.walk(tree):
		names = []
		if isinstance(node, ast.Import):
			names = [alias.name for alias in node.names]
		elif isinstance(node, ast.ImportFrom):
			assert node.level == 0
			names = [node.module]
			if node.module == "clinic_booking.scheduling":
				names = [f"{node.module}.{alias.name}" for alias in node.names]
		for name in names:
			ours = name.startswith("clinic_booking.scheduling.")
			assert ours or name.split(".")[0] in sys.stdlib_module_names, name
			assert node in tree.body


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_clock_and_nothing_outside(path):
	"""TI-7: now is an argument; nothing is read, written or printed."""
	for node in ast.walk(ast.parse(path.read_text())):
		if isinstance(node, ast.Call):
			called = node.func
			if isinstance(called, ast.Attribute):
				assert called.attr not in CLOCKS, ast.unparse(node)
			if isinstance(called, ast.Name):
				assert called.id not in OUTSIDE | CLOCKS, ast.unparse(node)
