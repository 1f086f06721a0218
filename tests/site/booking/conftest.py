import os
import socket

import frappe
import pymysql
import pytest

from clinic_booking.booking import claims
from tests.bench import Server
from tests.visitor import Visitor


@pytest.fixture(scope="session")
def running_tampered_server(in_sites_directory):
	with socket.socket() as free:
		free.bind(("127.0.0.1", 0))
		port = free.getsockname()[1]
	server = Server(port=port, application="tests.site.booking.tampered:application")
	yield server
	server.stop()


@pytest.fixture
def visitors(server):
	"""A function that makes so many visitors of a scene; their lines are closed after the test."""
	yield from _making(server)


@pytest.fixture
def tampered_visitors(committed, running_tampered_server):
	"""The same, on a server that leaves out what `tamper` says."""
	yield from _making(running_tampered_server)


@pytest.fixture
def without_key(committed):
	"""Takes the database's own guard away for one test."""
	frappe.db.sql_ddl("ALTER TABLE `tabBooked Slot` DROP INDEX no_overlap")
	yield
	frappe.db.sql_ddl("TRUNCATE TABLE `tabBooked Slot`")
	claims.ensure_key()


@pytest.fixture
def root(committed):
	"""A cursor of the database's root."""
	connection = pymysql.connect(
		unix_socket=frappe.conf.db_socket, user="root", password=os.environ["DATABASE_PASSWORD"]
	)
	yield connection.cursor()
	connection.close()


@pytest.fixture
def snapshot_isolation(root):
	"""A function that sets `innodb_snapshot_isolation` for new connections, until the end of the test."""
	root.execute("SELECT @@GLOBAL.innodb_snapshot_isolation")
	((before,),) = root.fetchall()

	def change(setting):
		root.execute(f"SET GLOBAL innodb_snapshot_isolation = {setting}")

	yield change
	change(before)


def _making(server):
	made = []

	def make(scene, count=1, tamper=""):
		new = [Visitor(server.url, scene, {"X-Tamper": tamper} if tamper else None) for _ in range(count)]
		made.extend(new)
		return new

	yield make
	for visitor in made:
		visitor.close()
