"""Messages are written in the transaction of their cause (NT-3): one statement, whatever there is to tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe.utils import add_days, now_datetime
from frappe.utils import now as site_time

from clinic_booking.booking.clock import to_database
from clinic_booking.messaging import kinds
from clinic_booking.outbox.work import WAITING, wake

DOCTYPE = "Clinic Message"
JOB = "clinic_booking.messaging.sending.every_minute"
COLUMNS = (
	*("name", "creation", "modified", "owner", "modified_by", "kind", "audience", "cause"),
	*("status", "outbox_status", "due_at_utc", "starts_at_utc", "appointment", "request", "patient"),
	*("clinic", "doctor", "reference_doctype", "reference_name", "wanted_channel", "is_by_staff"),
)


@dataclass(frozen=True)
class News:
	"""Something to be told about an appointment or a request.

	`cause`: what happened, unique in the world; what is written twice for one cause and kind is told once. `due`:
	when to tell it (aware), at once if None. `about`: a document of money, as (DocType, name).
	`channel`: the only one to use, where somebody asked for it. `by_staff`: somebody at the clinic sends it.
	"""

	kind: str
	cause: str
	due: datetime | None = None
	about: tuple[str | None, str | None] = (None, None)
	channel: str | None = None
	by_staff: bool = False


def tell(booking, news: Iterable[News], now: datetime) -> None:
	"""Write messages about `booking`, a Clinic Appointment or a Booking Request; and nothing else.

	`now` (aware) is when those go that are due at once. A worker is woken by the commit.
	"""
	rows = [_row(booking, each, now) for each in news]
	if not rows:
		return
	places = f"({', '.join(['%s'] * len(COLUMNS))})"
	# A cause that was told before stays as it is; every other refusal is an error.
	frappe.db.sql(
		f"INSERT INTO `tab{DOCTYPE}` ({', '.join(COLUMNS)}) VALUES {', '.join([places] * len(rows))}"
		" ON DUPLICATE KEY UPDATE cause = VALUES(cause)",
		[value for row in rows for value in row],
	)
	if any(each.due is None for each in news):
		wake(JOB)


def forget(appointment: str) -> None:
	"""An appointment that is deleted takes its messages along."""
	frappe.db.delete(DOCTYPE, {"appointment": appointment})


def clear(days: int) -> None:
	"""Delete what was sent, skipped or failed more than `days` ago, in the current transaction; never what waits."""
	frappe.db.delete(
		DOCTYPE,
		{"outbox_status": ("!=", WAITING), "modified": ("<", add_days(now_datetime(), -days))},
	)


def _row(booking, news: News, now: datetime) -> tuple:
	is_request = booking.doctype == "Booking Request"
	user, written = frappe.session.user, site_time()
	return (
		*(frappe.generate_hash(length=20), written, written, user, user),
		*(news.kind, kinds.audience(news.kind), f"{news.kind} {news.cause}"),
		*("Waiting", WAITING, to_database(news.due or now), booking.starts_at_utc),
		*(None if is_request else booking.name, booking.name if is_request else booking.get("request")),
		*(None if is_request else booking.patient, booking.clinic, booking.doctor, *news.about),
		*(news.channel, news.by_staff),
	)
