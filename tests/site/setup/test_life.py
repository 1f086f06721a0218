"""Installing, migrating, uninstalling: on a site of their own."""

import os

import pytest

from tests.site.setup.throwaway import ThrowawaySite

OURS = "clinic_booking"
KEY = "`busy` WITHOUT OVERLAPS"
NOISY = {
	"tabError Log",
	"tabScheduled Job Log",
	"tabActivity Log",
	"tabAccess Log",
	"__global_search",
	"tabSessions",
}


@pytest.fixture
def life(tmp_path):
	with ThrowawaySite(tmp_path) as site:
		yield site


def differences(before: dict, after: dict) -> dict:
	return {
		kind: {"gone": before[kind] - after[kind], "new": after[kind] - before[kind]}
		for kind in before
		if before[kind] != after[kind]
	}


def contents(site) -> dict:
	"""How many rows each table has, but for those in which bench notes its own doings."""
	tables = {name for name, kind in site.query("show full tables") if kind == "BASE TABLE"}
	return {name: site.query(f"select count(*) from `{name}`")[0][0] for name in tables - NOISY}


def try_to_uninstall(site) -> None:
	"""`--dry-run` lists what would go, and all of it is there afterwards."""
	schema, rows = site.schema(), contents(site)
	assert "Clinic Booking" in site.bench("uninstall-app", OURS, "--dry-run", "--yes")
	assert differences(schema, site.schema()) == {}
	assert contents(site) == rows


def live_through(site) -> dict:
	"""Install, work, migrate twice, try to uninstall and do; what is then different from before."""
	# ERPNext has orphans of its own that any migration takes away.
	site.bench("migrate")
	before = site.schema()
	site.bench("install-app", OURS)
	# The demo's company brings accounts and so on: ERPNext's own, but not its schema.
	site.bench("set-config", "--parse", "clinic_booking_demo", "1")
	site.bench("execute", "clinic_booking.setup.demo.make")
	# Of the browsers' messages, made with the app: uninstalling takes it along.
	assert [row for row in site.schema()["secrets"] if row[0] == "Clinic Booking Settings"]
	assert KEY in site.query("show create table `tabBooked Slot`")[0][1]
	site.bench("migrate")
	once, visits = site.schema(), site.query("select * from `tabClinic Appointment` order by name")
	site.query("alter table `tabBooked Slot` drop key no_overlap")
	site.bench("migrate")
	assert KEY in site.query("show create table `tabBooked Slot`")[0][1]
	assert differences(once, site.schema()) == {}
	assert site.query("select * from `tabClinic Appointment` order by name") == visits
	try_to_uninstall(site)
	site.bench("uninstall-app", OURS, "--yes", "--no-backup")
	return differences(before, site.schema())


def test_uninstalling_leaves_erpnext_as_it_was(life):
	"""LI-7, LI-9: migrating again changes nothing and mends a lost key; uninstalling leaves no trace."""
	assert live_through(life) == {}
	assert life.query("select count(*) from `tabVersion` where ref_doctype like 'Clinic%%'")[0][0] == 0


def test_healthcare_lives_beside_us(life):
	"""LI-10: with Healthcare on the site we install, work, migrate and leave as without it."""
	if not (source := os.environ.get("HEALTHCARE_SOURCE")):
		pytest.skip("HEALTHCARE_SOURCE names no copy of Healthcare")
	life.add_app("healthcare", source)
	life.bench("install-app", "healthcare")
	assert live_through(life) == {}
