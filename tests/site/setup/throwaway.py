"""A site of its own with ERPNext and a company, as `bin/test` keeps one to copy: for tests that install.

It has its own MariaDB and Redis, and its own sites directory, so that nothing of the test site is touched.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pymysql

from tests.restore import SITES

BENCH = SITES.parent.parent
NAME = "throwaway.localhost"
BRANCH = "version-15"


class ThrowawaySite:
	"""A context: the site lives in `directory` until it ends."""

	def __init__(self, directory: Path):
		self.directory = directory
		self.sites = directory / "sites"
		# A socket's path may have some hundred characters, which pytest's directories exceed.
		self.socket = Path("/tmp") / f"throwaway-{os.getpid()}.sock"
		self.packages = directory / "packages"
		self.path = []
		self.running = ExitStack()

	def __enter__(self):
		self.copy_base()
		self.start_redis()
		self.start_mariadb()
		return self

	def __exit__(self, *error):
		self.running.close()
		shutil.rmtree(self.directory, ignore_errors=True)

	def copy_base(self):
		shutil.copytree(BENCH / "base/mariadb", self.directory / "mariadb")
		shutil.copytree(BENCH / "base/site", self.sites / NAME)
		for shared in ("apps.json", "assets"):
			(self.sites / shared).symlink_to((BENCH / "sites" / shared).resolve())
		shutil.copy(BENCH / "sites/apps.txt", self.sites)
		(self.directory / "logs").mkdir()
		config = self.sites / NAME / "site_config.json"
		config.write_text(json.dumps(json.loads(config.read_text()) | {"db_socket": str(self.socket)}))
		self.database = json.loads(config.read_text())

	def start_redis(self):
		with socket.socket() as free:
			free.bind(("127.0.0.1", 0))
			port = free.getsockname()[1]
		self.start(["redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1"])
		address = f"redis://127.0.0.1:{port}"
		config = dict.fromkeys(("redis_cache", "redis_queue", "redis_socketio"), address)
		(self.sites / "common_site_config.json").write_text(json.dumps(config | {"default_site": NAME}))

	def start_mariadb(self):
		self.start(
			[
				"mariadbd",
				"--no-defaults",
				f"--datadir={self.directory / 'mariadb'}",
				f"--socket={self.socket}",
				"--skip-networking",
				"--character-set-server=utf8mb4",
				"--collation-server=utf8mb4_unicode_ci",
				"--innodb-flush-log-at-trx-commit=0",
				"--max-allowed-packet=64M",
			]
		)
		for _ in range(300):
			try:
				self.query("select 1")
				return
			except pymysql.Error:
				time.sleep(0.1)
		raise TimeoutError("MariaDB did not start")

	def start(self, command):
		log = self.running.enter_context((self.directory / f"{command[0]}.log").open("w"))
		process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.directory)
		self.running.callback(process.wait)
		self.running.callback(process.terminate)

	def query(self, statement: str, *values) -> tuple:
		connection = pymysql.connect(
			unix_socket=str(self.socket),
			user=self.database["db_name"],
			password=self.database["db_password"],
			database=self.database["db_name"],
		)
		with connection, connection.cursor() as cursor:
			cursor.execute(statement, values or None)
			return cursor.fetchall()

	def bench(self, *arguments: str) -> str:
		"""What `bench --site … <arguments>` prints; AssertionError with it when it fails."""
		done = subprocess.run(
			[sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", NAME, *arguments],
			cwd=self.sites,
			env=os.environ | {"PYTHONPATH": os.pathsep.join(self.path)},
			capture_output=True,
			text=True,
		)
		assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
		return done.stdout

	def add_app(self, name: str, source: str) -> None:
		"""Make another app's code known to this site's bench, from a directory or a git address."""
		copy = self.directory / name
		if Path(source).is_dir():
			shutil.copytree(source, copy)
		else:
			clone = ["git", "clone", "--quiet", "--depth", "1", "--branch", BRANCH, source, str(copy)]
			subprocess.run(clone, check=True, capture_output=True)
		# Required without its organisation, Frappe asks GitHub which one erpnext is of.
		hooks = copy / name / "hooks.py"
		hooks.write_text(
			hooks.read_text().replace('required_apps = ["erpnext"]', 'required_apps = ["frappe/erpnext"]')
		)
		# Read where it lies, beside what it needs: not every copy can be built as a package.
		needs = ["uv", "pip", "install", "--quiet", "--no-deps", "--target", str(self.packages)]
		subprocess.run([*needs, "-r", str(copy / "pyproject.toml")], check=True, capture_output=True)
		self.path = [str(copy), str(self.packages)]
		apps = self.sites / "apps.txt"
		apps.write_text(apps.read_text().rstrip() + f"\n{name}\n")

	def schema(self) -> dict:
		"""What an app could leave behind, by kind: tables, columns, keys, and what hangs on DocTypes."""
		return {
			"columns": self.rows(
				"""select table_name, column_name, column_type, is_nullable, column_default, extra
				from information_schema.columns where table_schema = database()"""
			),
			"keys": self.rows(
				"""select table_name, index_name, column_name, non_unique, seq_in_index
				from information_schema.statistics where table_schema = database()"""
			),
			"roles": self.rows("select name, desk_access, disabled from `tabRole`"),
			"roles given": self.rows("select parenttype, parent, role from `tabHas Role`"),
			"custom fields": self.rows("select dt, fieldname, fieldtype from `tabCustom Field`"),
			"property setters": self.rows("select name, value from `tabProperty Setter`"),
			"permissions": self.rows("select parent, role, permlevel, `read`, `write` from `tabDocPerm`"),
			"own permissions": self.rows("select parent, role, permlevel from `tabCustom DocPerm`"),
			"DocTypes": self.rows("select name, module, custom from `tabDocType`"),
			"modules": self.rows("select name, app_name from `tabModule Def`"),
			"workspaces": self.rows("select name from `tabWorkspace`"),
			"jobs": self.rows("select method from `tabScheduled Job Type`"),
			"patches": self.rows("select distinct patch from `tabPatch Log`"),
			"apps": self.rows("select app_name from `tabInstalled Application`"),
			"globals": self.rows("select parent, defkey from `tabDefaultValue` where parent = '__global'"),
			# Those of the demo's logins stay, as the logins do.
			"secrets": self.rows("select doctype, name, fieldname from `__Auth` where doctype <> 'User'"),
			"singles": self.rows("select distinct doctype from `tabSingles`"),
		}

	def rows(self, statement: str) -> set[tuple]:
		return set(self.query(statement))
