"""Receipt and invoice at the desk, called as `clinic_booking.api.desk.paper` (PY-6)."""

from clinic_booking.api.desk_money import CASHIERS
from clinic_booking.api.door import Raw, desk
from clinic_booking.api.public_papers import Document
from clinic_booking.api.reach import reach_till
from clinic_booking.billing import papers
from clinic_booking.billing.pdf import CONTENT_TYPE, made_of
from clinic_booking.inputs import RecordName


@desk("GET", *CASHIERS)
def paper(appointment: RecordName, document: Document = "receipt") -> Raw:
	"""A PDF to print or save; `ERR_VALIDATION` where nothing is paid, or invoiced, yet."""
	made = papers.made(document, reach_till("Clinic Appointment", appointment))
	return Raw(made_of(made), CONTENT_TYPE, f"{document}.pdf", inline=True)
