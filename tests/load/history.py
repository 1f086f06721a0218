"""Thousands of appointments, written straight into the tables with their claims, requests and patients."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from itertools import count

import frappe

from tests.scenes import Scene, in_days, on_day

VISIT = timedelta(minutes=30)
PATIENTS = 20_000
number = count(1)


def half_full(scene: Scene, days: int = 60, a_day: int = 7) -> None:
	"""Give every doctor of `scene` that many appointments on each of the coming days, within office hours."""
	dice = random.Random(1)
	half_hours = [(hour, minute) for hour in (*range(8, 12), *range(14, 18)) for minute in (0, 30)]
	write(
		scene,
		(
			(doctor, on_day(day, *half_hour).astimezone(timezone.utc).replace(tzinfo=None))
			for doctor in scene.doctors
			for day in range(1, days + 1)
			for half_hour in dice.sample(half_hours, a_day)
		),
	)


def long_past(scene: Scene, appointments: int) -> None:
	"""Give the doctors of `scene` that many appointments between them, back to back until yesterday."""
	yesterday = datetime.combine(in_days(-1), datetime.min.time())
	doctors = scene.doctors
	write(
		scene,
		((doctors[k % len(doctors)], yesterday - k // len(doctors) * VISIT) for k in range(appointments)),
	)


def write(scene: Scene, visits: Iterable[tuple[str, datetime]]) -> None:
	"""Insert a confirmed half hour for each doctor and start (naive UTC). Commits."""
	now = datetime.now(timezone.utc).replace(tzinfo=None)
	patients, appointments, requests, claims = [], [], [], []
	for doctor, start in visits:
		unique = next(number)
		name, end = f"h{unique:09d}", start + VISIT
		patient = f"p{unique % PATIENTS:09d}"
		if unique <= PATIENTS:
			patients.append(
				(
					f"p{unique - 1:09d}",
					now,
					now,
					f"Paula Old {unique}",
					f"old{unique}@example.com",
					f"+34622{unique:06d}",
					"Active",
				)
			)
		both = (
			name,
			now,
			now,
			doctor,
			scene.visit,
			scene.clinic,
			start,
			end,
			f"old{unique}",
			f"{unique:064d}",
			"Confirmed",
		)
		appointments.append((*both, patient, start + timedelta(hours=1), end + timedelta(hours=1), name))
		requests.append((*both, f"{unique % 5000:064d}", f"{unique % 3000:064d}", now, name))
		claims.append((name, now, now, f"Doctor:{doctor}", 1, start, end, "Appointment", name))
	both = (
		"name",
		"creation",
		"modified",
		"doctor",
		"service",
		"clinic",
		"starts_at_utc",
		"ends_at_utc",
		"reference",
		"token_hash",
		"status",
	)
	insert(
		"Clinic Patient",
		("name", "creation", "modified", "patient_name", "email", "phone", "status"),
		patients,
	)
	insert("Clinic Appointment", (*both, "patient", "starts_at", "ends_at", "request"), appointments)
	insert("Booking Request", (*both, "browser", "address", "expires_at_utc", "appointment"), requests)
	insert(
		"Booked Slot",
		("name", "creation", "modified", "resource", "seat", "starts_at", "ends_at", "kind", "reference"),
		claims,
	)
	frappe.db.commit()
	for doctype in ("Clinic Patient", "Clinic Appointment", "Booking Request", "Booked Slot"):
		frappe.db.sql(f"ANALYZE TABLE `tab{doctype}`")


def insert(doctype: str, columns: tuple[str, ...], rows: list[tuple]) -> None:
	names = ", ".join(f"`{column}`" for column in columns)
	marks = ", ".join(["%s"] * len(columns))
	cursor = frappe.db._conn.cursor()
	for start in range(0, len(rows), 5000):
		cursor.executemany(
			f"INSERT INTO `tab{doctype}` ({names}) VALUES ({marks})", rows[start : start + 5000]
		)
