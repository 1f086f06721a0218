"""Patients as the Desk calls for them, as `clinic_booking.api.desk.<name>`: found in one box, or new (PT-6, SE-1)."""

from contextlib import suppress
from typing import Annotated

from pydantic import Field

from clinic_booking.api.door import desk
from clinic_booking.api.reach import RECEPTION, reach
from clinic_booking.booking import countries, patient_search
from clinic_booking.booking.patients import Contact
from clinic_booking.booking.transaction import one_at_a_time
from clinic_booking.errors import Validation, _
from clinic_booking.inputs import BirthDate, Email, Model, Name, Number, Phone, RecordName, Search, e164

PageLength = Annotated[Number, Field(ge=1, le=50)]


class NewPatient(Model):
	"""Whom the desk does not know yet, or not by name of record; the phone is raw, read as one of the clinic's."""

	name: Name
	phone: Phone | None = None
	email: Email | None = None
	birth_date: BirthDate | None = None


@desk("GET", *RECEPTION)
def patients(q: Search, clinic: RecordName | None = None, limit: PageLength = 10) -> dict:
	"""`{patients: [{patient, name, phone, email, birth_date}], elsewhere}`: one box for all of it (PT-6).

	Part of name, phone, e-mail or birth date among the caller's own patients; `elsewhere` says that somebody
	of the full name has the full phone or e-mail at another clinic (SE-1): book for them as `new_patient`.
	"""
	words = patient_search.words_of(q)
	found = patient_search.find(words, limit)
	contact = _typed(words, clinic)
	is_elsewhere = bool(not found and contact and patient_search.is_known_elsewhere(contact))
	return {"patients": found, "elsewhere": is_elsewhere}


def who(patient: str | None, new_patient: NewPatient | None, clinic: str | None) -> str | Contact:
	"""The one that was named; of the other there must be none."""
	if (patient is None) == (new_patient is None):
		raise Validation(fields={"patient": _("Please choose a patient, or give a new one.")})
	if patient:
		return reach("Clinic Patient", patient).name
	phone = new_patient.phone and e164(new_patient.phone, countries.of_clinic(clinic), "new_patient.phone")
	contact = Contact(new_patient.name, new_patient.email, phone, birth_date=new_patient.birth_date)
	# A new patient has no row yet that could be locked.
	if words := [word for word in (contact.phone, contact.email) if word]:
		one_at_a_time(*words)
	return contact


def _typed(words: patient_search.Words, clinic: str | None) -> Contact | None:
	"""What was typed into the search as a contact: a name with a whole phone or e-mail."""
	phone = None
	with suppress(Validation):
		phone = words.number and e164(words.number, countries.of_clinic(clinic))
	return Contact(words.name, words.email or None, phone) if words.name and (phone or words.email) else None
