import frappe
import pytest

from tests.builders import a_clinic, a_patient


@pytest.mark.parametrize(
	"name",
	["Seán O'Brien-Núñez", "Nguyễn Thị Ánh", "李小龙", "Zoë 🙂", "‏דוד לוי‏", "x" * 140],
)
def test_names_are_kept_as_they_are(name):
	"""IN-1: apostrophes, accents, any script."""
	assert frappe.db.get_value("Clinic Patient", a_patient(patient_name=name).name, "patient_name") == name


@pytest.mark.parametrize("name", ["x", "  \u200b ", "x" * 141, "a\nb", "\u0301\u0301"])
def test_names_that_are_none_are_refused(name):
	"""IN-1, SE-3: 2 to 140 visible characters, never cut."""
	with pytest.raises(frappe.ValidationError):
		a_patient(patient_name=name)


@pytest.mark.parametrize(
	("typed", "kept"),
	[
		("0712 345 678", "+40712345678"),
		("0040 712 345 678", "+40712345678"),
		("+44 (0)20 7946 0018", "+442079460018"),
		("٠٧١٢٣٤٥٦٧٨", "+40712345678"),
	],
)
def test_phones_are_kept_with_their_country(typed, kept):
	"""IN-2, SE-3: E.164, read as of the clinic's country when without +."""
	clinic = a_clinic(country="Romania")
	patient = a_patient(phone=typed, clinic=clinic.name, emergency_contact_phone=typed)
	assert (patient.phone, patient.emergency_contact_phone) == (kept, kept)


@pytest.mark.parametrize("typed", ["12", "0712 345 678 ext. 9", "0800 FLOWERS", "+40712345678 or mail me"])
def test_phones_that_are_none_are_refused(typed):
	"""IN-2: letters and extensions are refused, not dropped."""
	with pytest.raises(frappe.ValidationError, match="Phone"):
		a_patient(phone=typed)


@pytest.mark.parametrize(
	("typed", "kept"),
	[
		("Ana.Pop+clinic@Example.COM", "Ana.Pop+clinic@example.com"),
		("ana@bücher.example.org", "ana@xn--bcher-kva.example.org"),
	],
)
def test_emails_are_kept(typed, kept):
	"""IN-3: plus signs and capitals stay, the domain is in its ASCII form."""
	assert a_patient(email=typed).email == kept


@pytest.mark.parametrize(
	"typed", ["ana", "ana@x", "a@b.org, c@d.org", "a@b.org\nBcc: c@d.org", "a" * 250 + "@b.org"]
)
def test_emails_that_are_none_are_refused(typed):
	"""IN-3: one address, on one line."""
	with pytest.raises(frappe.ValidationError, match="E-mail"):
		a_patient(email=typed)


def test_what_cannot_be_is_refused():
	"""PT-1: nobody is born tomorrow, or their own guardian or duplicate."""
	patient = a_patient()
	for field, value in (
		("birth_date", "2199-01-01"),
		("guardian", patient.name),
		("possible_duplicate_of", patient.name),
		("timezone", "Mars/Olympus"),
	):
		patient.reload()
		patient.set(field, value)
		with pytest.raises(frappe.ValidationError):
			patient.save()
