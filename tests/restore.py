"""Puts the test site back as it was after a test that committed.

Copying MariaDB's files takes a second and more (`bin/lib/reset-test-site`). Nearly always a few tables differ,
which InnoDB knows by their last change (as long as `table_definition_cache` holds them all), and their rows come
back from a database beside it in some 50 ms.
"""

import os
import subprocess
from pathlib import Path

import frappe
import pymysql
from frappe.utils.background_jobs import get_redis_conn

SITE = os.environ["FRAPPE_SITE"]
SITES = Path(os.environ["SITES_PATH"])
ROOT = Path(__file__).parent.parent

# Where Frappe keeps what DocTypes look like, and what it caches of that.
ABOUT_DOCTYPES = {
	"tabDocType",
	"tabDocField",
	"tabDocPerm",
	"tabCustom DocPerm",
	"tabCustom Field",
	"tabProperty Setter",
}
LASTING_CACHE = (
	"app_hooks",
	"app_modules",
	"doctype_meta",
	"installed_app",
	"module_",
	"table_columns",
	"lang",
)


class SavedSite:
	"""The site as `bin/test` made it. `restore` after any number of tests brings it back."""

	def __init__(self):
		self.is_changed = False
		self.database = None
		self.rows_saved_of = set()

	def about_to_change(self):
		"""Saves what is needed to go back; to be called while the site is as it should be."""
		if not self.database:
			self.save_rows()
		self.is_changed = True

	def restore(self):
		if not self.is_changed:
			return
		try:
			changed = self.restore_rows()
		except (pymysql.Error, TablesDiffer):
			self.reset()
			changed = ABOUT_DOCTYPES
		restore_files()
		forget_cached(all_of_it=not changed.isdisjoint(ABOUT_DOCTYPES))
		self.is_changed = False

	def save_rows(self):
		site = frappe.get_site_config(SITES, SITES / SITE)
		self.database = pymysql.connect(
			unix_socket=site.db_socket,
			user="root",
			password=os.environ["DATABASE_PASSWORD"],
			database=site.db_name,
			autocommit=True,
		)
		self.execute("drop database if exists saved")
		self.execute("create database saved")
		self.tables = self.all_tables()
		self.rows_saved_of = {
			table for table in self.tables if self.execute(f"select 1 from `{table}` limit 1")
		}
		for table in self.rows_saved_of:
			self.execute(f"create table saved.`{table}` as select * from `{table}`")
		self.saved_at = self.now()

	def restore_rows(self):
		"""Bring back the rows of what changed; return the tables' names."""
		if self.all_tables() != self.tables:
			raise TablesDiffer
		changed = self.changed_tables()
		restored_at = self.now()
		self.execute("start transaction")
		for table in changed:
			self.execute(f"delete from `{table}`")
			if table in self.rows_saved_of:
				self.execute(f"insert into `{table}` select * from saved.`{table}`")
		self.execute("commit")
		# To the second: what changed in this one may be restored twice, but is never overlooked.
		self.saved_at = restored_at
		return changed

	def reset(self):
		self.database.close()
		self.database = None
		subprocess.run([ROOT / "bin/lib/reset-test-site"], check=True, capture_output=True)

	def all_tables(self):
		return self.names("")

	def changed_tables(self):
		return self.names("and update_time >= %s", self.saved_at)

	def names(self, condition, *values):
		rows = self.execute(
			"select table_name from information_schema.tables"
			" where table_schema = database() and table_type = 'BASE TABLE' " + condition,
			values,
		)
		return {name for (name,) in rows}

	def now(self):
		return self.execute("select now()")[0][0]

	def execute(self, query, values=()):
		with self.database.cursor() as cursor:
			cursor.execute(query, values)
			return cursor.fetchall()


class TablesDiffer(Exception):
	pass


def restore_files():
	saved = SITES.parent / "saved/site"
	subprocess.run(["rsync", "-a", "--delete", f"{saved}/", SITES / SITE], check=True)


def forget_cached(all_of_it=False):
	"""Drop what Frappe and the app cached from the site's rows, and the jobs queued."""
	frappe.init(SITE)
	if all_of_it:
		frappe.cache.flushall()
	else:
		keys = [key for key in frappe.cache.keys("*") if not is_lasting(key.decode())]
		if keys:
			frappe.cache.delete(*keys)
	get_redis_conn().flushall()
	frappe.destroy()


def is_lasting(key):
	return key.partition("|")[2].startswith(LASTING_CACHE)
