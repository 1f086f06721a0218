"""Every fault that the product must survive is named by a test, or waits for the part it belongs to.

A test names its fault in its docstring: `TI-4: …`. The list of faults with its reasons is docs/faults.md.
"""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[1]

NUMBERS = {"TI": 13, "RA": 12, "MO": 20, "ME": 13, "CA": 11, "IN": 18, "LI": 10}

# Faults of parts that are not built yet, some tested as far as they go. Whoever builds the part takes its
# numbers out of here.
WAITING = {
	"calendars": [*(f"CA-{n}" for n in range(1, 12))],
	"standing appointments": ["RA-8"],
	"operation": ["LI-4", "LI-5", "LI-8"],
}


def named_by_tests():
	"""The fault numbers in the docstrings of test functions and classes."""
	found = set()
	for path in TESTS.rglob("test_*.py"):
		for node in ast.walk(ast.parse(path.read_text())):
			if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name.lower().startswith("test"):
				text = ast.get_docstring(node) or ""
				found.update(re.findall(r"\b(?:TI|RA|MO|ME|CA|IN|LI)-\d+\b", text))
	return found


def test_every_fault_is_named_by_a_test_or_waits_for_its_part():
	"""faults.md: a check in the suite lists numbers that no test names."""
	every = {f"{kind}-{n}" for kind, count in NUMBERS.items() for n in range(1, count + 1)}
	waiting = {number for numbers in WAITING.values() for number in numbers}
	missing = sorted(every - waiting - named_by_tests())
	assert not missing, f"no test names {', '.join(missing)}"
