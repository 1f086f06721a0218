"""Imports go one way (docs/architecture.md), and every line of patches.txt leads somewhere."""

import ast
import importlib.util
import sys
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "clinic_booking"

# What every room may use.
EVERYBODYS = {"brand", "errors", "formats", "passwords", "translations"}
# For each room, the rooms it may import from besides itself.
MAY_IMPORT = {
	"scheduling": set(),
	"booking": {"scheduling"},
	"outbox": {"error_log"},
	"billing": {"outbox", "booking", "scheduling", "error_log"},
	"messaging": {"outbox", "booking", "scheduling"},
	"calendars": {"outbox", "booking", "scheduling"},
	"api": {
		"inputs",
		"error_log",
		"booking",
		"billing",
		"messaging",
		"calendars",
		"scheduling",
		"permissions",
	},
	"pages": {"inputs", "booking", "billing", "messaging", "calendars", "scheduling", "api"},
	"clinic_booking": {"inputs", "booking", "billing", "messaging", "calendars", "scheduling", "permissions"},
	"permissions": {"booking"},
	"guard": {"permissions"},
	"exports": set(),
	"inputs": set(),
	"brand": set(),
	"errors": set(),
	"formats": set(),
	"passwords": set(),
	"translations": set(),
	"error_log": set(),
	"templates": set(),
	"hooks": {"permissions"},
	"setup": {"booking", "billing", "messaging", "calendars", "scheduling", "permissions"},
	"patches": {"booking", "clinic_booking", "setup"},
}
PURE = ("scheduling",)


def modules():
	for path in sorted(APP.rglob("*.py")):
		parts = path.relative_to(APP).with_suffix("").parts
		if parts[0] in ("__init__", "public", "www"):
			continue
		yield path, parts[0]


def imports(path):
	"""(module, line, whether it stands inside a function) of every import in a file."""
	tree = ast.parse(path.read_text())
	inside = {
		child
		for node in ast.walk(tree)
		if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
		for child in ast.walk(node)
	}
	for node in ast.walk(tree):
		if isinstance(node, ast.Import):
			for alias in node.names:
				yield alias.name, node.lineno, node in inside
		elif isinstance(node, ast.ImportFrom):
			assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
			yield node.module, node.lineno, node in inside
			for alias in node.names:
				yield f"{node.module}.{alias.name}", node.lineno, node in inside


@pytest.mark.parametrize("path, room", modules(), ids=lambda value: str(value).removeprefix(f"{APP}/"))
def test_a_room_imports_only_what_lies_below_it(path, room):
	"""design.md, The house: api and controllers, then booking, then scheduling; no import goes back up."""
	assert room in MAY_IMPORT, f"{room} is a new room: say what it may import"
	for module, line, _inside in imports(path):
		if not module.startswith("clinic_booking."):
			continue
		other = module.split(".")[1]
		assert other in MAY_IMPORT[room] | {room} | EVERYBODYS, f"{path.name}:{line} imports {module}"


@pytest.mark.parametrize("path, room", modules(), ids=lambda value: str(value).removeprefix(f"{APP}/"))
def test_no_import_hides_in_a_function(path, room):
	"""style.md, Layout: an import inside a function says that something lives in the wrong folder."""
	hidden = [f"{path.name}:{line} {module}" for module, line, inside in imports(path) if inside]
	assert not hidden


@pytest.mark.parametrize(
	"path", [path for path, room in modules() if room in PURE], ids=lambda path: path.name
)
def test_pure_rooms_know_the_standard_library_only(path):
	"""style.md, Pure core."""
	for module, line, _inside in imports(path):
		top = module.split(".")[0]
		assert top in sys.stdlib_module_names or module.startswith("clinic_booking."), f"{path.name}:{line}"


def test_every_patch_can_be_found():
	"""style.md, Tests: every line of patches.txt imports."""
	lines = (APP / "patches.txt").read_text().splitlines()
	patches = [line.split()[0] for line in lines if line.strip() and line[0] not in "[#"]
	for patch in patches:
		assert importlib.util.find_spec(patch), patch


def test_nothing_in_the_app_knows_the_tests():
	"""Nothing in the app imports `tests`."""
	for path, _room in modules():
		assert not [module for module, _line, _inside in imports(path) if module.split(".")[0] == "tests"]
