"""The types of what callers send (SE-3). Pure: pydantic, email-validator and phonenumbers, no Frappe.

Longer is refused, never cut; what comes out is what is stored. The context "text" says that every value
came as text (a query string or a form), so that "20" may be the number 20; JSON has types of its own,
and there it may not.
"""

from clinic_booking.inputs.contact import Channel, Email, Language, PatientDetails, Phone, e164
from clinic_booking.inputs.instants import BirthDate, Date, Instant, Timezone
from clinic_booking.inputs.model import TEXT, UNKNOWN, Model, fields_of, refused
from clinic_booking.inputs.plain import Amount, Consent, Flag, Number, RequestId, Token
from clinic_booking.inputs.text import Name, Note, Reason, RecordName, Search, Slug, line

__all__ = [
	"TEXT",
	"UNKNOWN",
	"Amount",
	"BirthDate",
	"Channel",
	"Consent",
	"Date",
	"Email",
	"Flag",
	"Instant",
	"Language",
	"Model",
	"Name",
	"Note",
	"Number",
	"PatientDetails",
	"Phone",
	"Reason",
	"RecordName",
	"RequestId",
	"Search",
	"Slug",
	"Timezone",
	"Token",
	"e164",
	"fields_of",
	"line",
	"refused",
]
