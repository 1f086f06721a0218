"""The pages and the modules that work on them: both agree on parts and texts, and none is fetched in vain."""

import json
import re

import pytest

from clinic_booking.pages.assets import ADDRESS, PUBLIC, STYLES, Assets
from tests.unit.pages.test_templates import Elements, render

MODULES = sorted((PUBLIC / "js/booking").glob("*.js"))
STARTED = [
	("booking", "booking"),
	("moving", "change"),
	("cancel", "change"),
	("rate", "change"),
	("to pay", "pay"),
]


def code_started_by(module):
	"""All that runs once a page starts this module, and what belongs to it."""
	addresses = Assets().needed(module, *(["waiting"] if module == "pay" else []))
	return "".join((PUBLIC / each.partition("?")[0].removeprefix(ADDRESS)).read_text() for each in addresses)


@pytest.mark.parametrize(("page", "module"), STARTED)
def test_every_part_a_module_asks_for_is_on_the_page(page, module):
	"""BK-1, BK-7: modules and page agree on the names of parts."""
	asked = set(re.findall(r'part\([\w.]+, "([\w-]+)"\)', code_started_by(module)))
	assert asked - {"error"} <= set(Elements(render(page)).all("data-part"))
	assert len(asked) > 5


@pytest.mark.parametrize(("page", "module"), STARTED)
def test_every_text_a_module_says_is_on_the_page_and_none_is_idle(page, module):
	"""BK-1, BK-7: modules and page agree on the texts."""
	block = re.search(r'data-part="words">(.*?)</script>', render(page), re.S)[1]
	given = set(json.loads(block)["texts"])
	said = set(re.findall(r'say\(\s*"(\w+)"', code_started_by(module)))
	if module != "pay":
		said |= {"taken_choose", "taken_none"}  # one of two
	if module == "booking":
		said |= {"step_time", "step_details", "step_review", "ways"}
	assert said == given


def test_page_preloads_its_modules_with_all_that_they_import_and_no_others():
	"""UI-1: no module is found only when another has come, and the list of doctors loads no booking."""
	preloaded = {
		name: {each.partition("?")[0].rpartition("/")[2] for each in Elements(render(name)).all("href")}
		for name in ("doctors", "booking")
	}
	started = {"index.js", "chosen-time.js"}
	assert {each for each in preloaded["doctors"] if each.endswith(".js")} == started
	for module in MODULES:
		if module.name in preloaded["booking"]:
			imported = re.findall(r'from "\./([\w-]+\.js)"', module.read_text())
			assert preloaded["booking"].issuperset(imported)


def test_every_module_has_an_address_that_changes_with_it(tmp_path):
	"""SE-6: browsers may keep assets for a year."""
	for name in (*STYLES, "images/icon.svg", "js/booking/index.js", "js/booking/api.js"):
		(tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
		(tmp_path / name).write_text("one")
	before = Assets(tmp_path)
	(tmp_path / "js/booking/api.js").write_text("two")
	after = Assets(tmp_path)
	assert before.needed("api") != after.needed("api")
	assert before.styles == after.styles
	assert before.import_map_hash != after.import_map_hash
	assert set(json.loads(after.import_map)["imports"]) == {
		"/assets/clinic_booking/js/booking/index.js",
		"/assets/clinic_booking/js/booking/api.js",
	}
