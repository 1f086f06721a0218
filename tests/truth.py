"""What always holds of claims, requests and appointments, asked of the database and of nothing else."""

import frappe

LIVE = ("Requested", "Confirmed", "Checked In")


def contradictions() -> list[str]:
	"""What is wrong in the database as committed; empty where all is well."""
	frappe.db.rollback()
	return [f"{rule}: {row}" for rule, query in RULES.items() for row in frappe.db.sql(query)]


OVERLAPS = """SELECT a.resource, a.reference, b.reference, a.starts_at, b.starts_at
	FROM `tabBooked Slot` a JOIN `tabBooked Slot` b
	ON a.resource = b.resource AND a.seat = b.seat AND a.name < b.name
	AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"""

# The whole time of a visit, buffers included.
PADDED = """ s.starts_at = o.starts_at_utc - INTERVAL o.buffer_before_minutes MINUTE
	AND s.ends_at = o.ends_at_utc + INTERVAL o.buffer_after_minutes MINUTE"""

RULES = {
	"two claims on one time": OVERLAPS,
	"two live appointments of one doctor at one time": f"""SELECT a.doctor, a.name, b.name
		FROM `tabClinic Appointment` a JOIN `tabClinic Appointment` b
		ON a.doctor = b.doctor AND a.name < b.name AND a.status IN {LIVE} AND b.status IN {LIVE}
		AND a.squeeze_in = 0 AND b.squeeze_in = 0
		AND a.starts_at_utc < b.ends_at_utc AND b.starts_at_utc < a.ends_at_utc""",
	"two appointments of one request": """SELECT request, COUNT(*) FROM `tabClinic Appointment`
		WHERE request IS NOT NULL GROUP BY request HAVING COUNT(*) > 1""",
	"a claim that belongs to nobody": f"""SELECT s.resource, s.kind, s.reference FROM `tabBooked Slot` s
		LEFT JOIN `tabClinic Appointment` a ON a.name = s.reference AND a.status IN {LIVE}
		LEFT JOIN `tabBooking Request` r ON r.name = s.reference AND r.status IN ('Held', 'Awaiting Payment')
		WHERE s.kind <> 'Block' AND a.name IS NULL AND r.name IS NULL""",
	"an appointment without the doctor's time": f"""SELECT o.name, o.doctor FROM `tabClinic Appointment` o
		LEFT JOIN `tabBooked Slot` s ON s.reference = o.name AND s.kind = 'Appointment'
		AND s.resource = CONCAT('Doctor:', o.doctor) AND s.expires_at IS NULL AND {PADDED}
		WHERE o.status IN {LIVE} AND s.name IS NULL""",
	"an appointment without its room's time": f"""SELECT o.name, o.room FROM `tabClinic Appointment` o
		LEFT JOIN `tabBooked Slot` s ON s.reference = o.name AND s.kind = 'Appointment'
		AND s.resource = CONCAT('Room:', o.room) AND s.expires_at IS NULL AND {PADDED}
		WHERE o.status IN {LIVE} AND o.room IS NOT NULL AND s.name IS NULL""",
	"a live hold without the doctor's time": f"""SELECT o.name, o.doctor FROM `tabBooking Request` o
		LEFT JOIN `tabBooked Slot` s ON s.reference = o.name AND s.kind = 'Hold'
		AND s.resource = CONCAT('Doctor:', o.doctor) AND s.expires_at = o.expires_at_utc AND {PADDED}
		WHERE o.status = 'Held' AND o.expires_at_utc > UTC_TIMESTAMP(6) AND s.name IS NULL""",
	"a live hold without its room's time": f"""SELECT o.name, o.room FROM `tabBooking Request` o
		LEFT JOIN `tabBooked Slot` s ON s.reference = o.name AND s.kind = 'Hold'
		AND s.resource = CONCAT('Room:', o.room) AND s.expires_at = o.expires_at_utc AND {PADDED}
		WHERE o.status = 'Held' AND o.expires_at_utc > UTC_TIMESTAMP(6) AND o.room IS NOT NULL
		AND s.name IS NULL""",
	"a confirmed request without its appointment": """SELECT r.name FROM `tabBooking Request` r
		LEFT JOIN `tabClinic Appointment` a ON a.name = r.appointment AND a.request = r.name
		WHERE r.status IN ('Confirmed', 'Requested') AND a.name IS NULL""",
	"an appointment without consent": """SELECT a.name FROM `tabClinic Appointment` a
		LEFT JOIN `tabPatient Consent` c ON c.appointment = a.name
		WHERE a.source = 'Online' AND c.name IS NULL""",
	"a fault in the log": "SELECT method FROM `tabError Log`",
}
