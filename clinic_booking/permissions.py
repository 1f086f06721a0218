"""Which rows a person at the desk reaches (SE-1). Which DocTypes and actions: the DocTypes' own roles.

Staff reach what belongs to the clinics where they have a staff row, a doctor what is their own. Only the
managers of a clinic change what it offers. A System Manager reaches everything; a role alone reaches none.
"""

from dataclasses import dataclass

import frappe

NOTHING = "1 = 0"
LOOKS = (None, "read", "select", "print", "email", "report", "export")

# Rows of a document that can be asked for by themselves, too: seen with it.
CHILDREN = {
	"Clinic Room Kind": "Clinic",
	"Clinic Staff": "Clinic",
	"Clinic Service Price": "Clinic Service",
	"Doctor Clinic": "Doctor",
	"Doctor FAQ": "Doctor",
	"Doctor Language": "Doctor",
	"Doctor Service": "Doctor",
	"Doctor Specialty": "Doctor",
	"Weekly Availability": "Doctor",
}


@dataclass(frozen=True)
class Reach:
	"""Names of what one user may reach."""

	user: str
	clinics: frozenset[str]
	managed: frozenset[str]
	doctors: frozenset[str]


def reach_of(user: str) -> Reach:
	staff = frappe.db.sql("SELECT parent, role FROM `tabClinic Staff` WHERE user = %s", user)
	doctors = frappe.db.sql("SELECT name FROM `tabDoctor` WHERE user = %s", user, pluck=True)
	return Reach(
		user=user,
		clinics=frozenset(clinic for clinic, _ in staff),
		managed=frozenset(clinic for clinic, role in staff if role == "Manager"),
		doctors=frozenset(doctors),
	)


def is_unlimited(user: str) -> bool:
	return user == "Administrator" or "System Manager" in frappe.get_roles(user)


# -- which rows are seen: SQL on the DocType's own table ---------------------------------------------


def _among(column: str, names: frozenset[str]) -> str:
	if not names:
		return NOTHING
	return f"{column} IN ({', '.join(frappe.db.escape(name, percent=False) for name in sorted(names))})"


def _clinic(reach: Reach) -> str:
	work = f"SELECT clinic FROM `tabDoctor Clinic` WHERE {_among('parent', reach.doctors)}"
	return f"({_among('`tabClinic`.name', reach.clinics)} OR `tabClinic`.name IN ({work}))"


def _room(reach: Reach) -> str:
	work = f"SELECT clinic FROM `tabDoctor Clinic` WHERE {_among('parent', reach.doctors)}"
	return f"({_among('`tabClinic Room`.clinic', reach.clinics)} OR `tabClinic Room`.clinic IN ({work}))"


def _doctor(reach: Reach) -> str:
	here = f"SELECT parent FROM `tabDoctor Clinic` WHERE {_among('clinic', reach.clinics)}"
	return f"({_among('`tabDoctor`.name', reach.doctors)} OR `tabDoctor`.name IN ({here}))"


def _exception(reach: Reach) -> str:
	here = f"SELECT parent FROM `tabDoctor Clinic` WHERE {_among('clinic', reach.clinics)}"
	mine = _among("`tabAvailability Exception`.doctor", reach.doctors)
	return f"({mine} OR `tabAvailability Exception`.doctor IN ({here}))"


def _patient(reach: Reach) -> str:
	visits = f"SELECT patient FROM `tabClinic Appointment` WHERE {_visit('Clinic Appointment', reach)}"
	if not reach.clinics:
		return f"`tabClinic Patient`.name IN ({visits})"
	made = f"`tabClinic Patient`.owner = {frappe.db.escape(reach.user, percent=False)}"
	known = _among("`tabClinic Patient`.clinic", reach.clinics)
	return f"({known} OR {made} OR `tabClinic Patient`.name IN ({visits}))"


def _visit(doctype: str, reach: Reach) -> str:
	clinics = _among(f"`tab{doctype}`.clinic", reach.clinics)
	return f"({clinics} OR {_among(f'`tab{doctype}`.doctor', reach.doctors)})"


def _with(doctype: str, column: str, of: str):
	"""Rows that hang on a seen row of another DocType."""
	return lambda reach: f"`tab{doctype}`.{column} IN (SELECT name FROM `tab{of}` WHERE {SEEN[of](reach)})"


SEEN = {
	"Clinic": _clinic,
	"Clinic Room": _room,
	"Doctor": _doctor,
	"Availability Exception": _exception,
	"Clinic Patient": _patient,
	"Booking Request": lambda reach: _visit("Booking Request", reach),
	"Clinic Appointment": lambda reach: _visit("Clinic Appointment", reach),
	"Clinic Alert": lambda reach: _visit("Clinic Alert", reach),
	"Online Payment": lambda reach: _among("`tabOnline Payment`.clinic", reach.clinics),
	"Clinic Message": lambda reach: _visit("Clinic Message", reach),
	"Online Refund": lambda reach: _among("`tabOnline Refund`.clinic", reach.clinics),
	"Patient Consent": _with("Patient Consent", "patient", "Clinic Patient"),
	"Appointment Change": _with("Appointment Change", "appointment", "Clinic Appointment"),
}
SEEN |= {child: _with(child, "parent", of) for child, of in CHILDREN.items() if of in SEEN}


# -- which rows are made, changed, deleted: a rule on the document, as it was and as it will be -------


def _clinics_of(doctor: str) -> set[str]:
	return set(frappe.db.sql("SELECT clinic FROM `tabDoctor Clinic` WHERE parent = %s", doctor, pluck=True))


def _in_reach(doc, reach: Reach) -> bool:
	return doc.clinic in reach.clinics or doc.doctor in reach.doctors


CHANGED = {
	"Clinic": lambda doc, reach: doc.name in reach.managed,
	"Clinic Room": lambda doc, reach: doc.clinic in reach.managed,
	"Clinic Service": lambda doc, reach: {row.clinic for row in doc.prices} <= reach.managed,
	"Specialty": lambda doc, reach: bool(reach.managed),
	"Message Template": lambda doc, reach: doc.clinic in reach.managed,
	"Doctor": lambda doc, reach: (
		doc.name in reach.doctors or any(row.clinic in reach.managed for row in doc.clinics)
	),
	"Availability Exception": lambda doc, reach: (
		doc.doctor in reach.doctors or bool(_clinics_of(doc.doctor) & reach.clinics)
	),
	"Clinic Patient": lambda doc, reach: not doc.is_new() or not doc.clinic or doc.clinic in reach.clinics,
	"Clinic Appointment": _in_reach,
	"Clinic Alert": _in_reach,
}


# Every DocType of the app; those without rows of somebody's are for their roles alone.
DOCTYPES = frozenset(
	{
		*SEEN,
		*CHANGED,
		*CHILDREN,
		*("Billing Task", "Booked Slot", "Clinic Booking Settings", "Gateway Event"),
		*("Link Request", "Message Opt Out", "Push Subscription"),
	}
)


# -- hooks ---------------------------------------------------------------------------------------------


def conditions(user: str | None, doctype: str) -> str:
	"""Frappe's `permission_query_conditions`: SQL for lists, links, reports and exports."""
	user = user or frappe.session.user
	return "" if is_unlimited(user) else SEEN[doctype](reach_of(user))


def file_conditions(user: str | None) -> str:
	"""The same for File: Frappe lists what hangs on any document of a DocType that one may read."""
	user = user or frappe.session.user
	if is_unlimited(user):
		return ""
	reach = reach_of(user)
	attached = "`tabFile`.attached_to_doctype = '{0}' AND `tabFile`.attached_to_name"
	hidden = [
		f"({attached.format(doctype)} NOT IN (SELECT name FROM `tab{doctype}` WHERE {seen(reach)}))"
		for doctype, seen in SEEN.items()
		if doctype not in CHILDREN
	]
	own = f"`tabFile`.owner = {frappe.db.escape(user, percent=False)}"
	return f"({own} OR ({' OR '.join(hidden)}) IS NOT TRUE)"


def is_allowed(doc, ptype: str, user: str) -> bool:
	"""Frappe's `has_permission`: may `user` do `ptype` with this document, as far as rows go."""
	if is_unlimited(user):
		return True
	reach = reach_of(user)
	if doc.flags.as_stored:
		# Read past the snapshot of this transaction, which may not know the row.
		return CHANGED[doc.doctype](doc, reach)
	is_stored = not doc.is_new()
	if is_stored and doc.doctype in SEEN and not _is_seen(doc, reach):
		return False
	if is_stored and ptype in LOOKS:
		return True
	versions = [frappe.get_doc(doc.doctype, doc.name), doc] if is_stored else [doc]
	if ptype not in LOOKS and doc.doctype in CHANGED:
		rule = CHANGED[doc.doctype]
		if not all(rule(version, reach) for version in versions):
			return False
	return not any(unseen(doctype, {name}, reach) for doctype, name in _new_links(doc, *versions[:-1]))


def unseen(doctype: str, names: set[str], reach: Reach) -> set[str]:
	"""Which of `names` are there, and out of reach."""
	return set(
		frappe.db.sql(
			f"SELECT name FROM `tab{doctype}` WHERE name IN %(names)s"
			f" AND ({SEEN[doctype](reach).replace('%', '%%')}) IS NOT TRUE",
			{"names": tuple(names)},
			pluck=True,
		)
	)


def _is_seen(doc, reach: Reach) -> bool:
	seen = SEEN[doc.doctype](reach).replace("%", "%%")
	return bool(frappe.db.sql(f"SELECT 1 FROM `tab{doc.doctype}` WHERE name = %s AND {seen}", doc.name))


def _new_links(doc, stored=None) -> list[tuple[str, str]]:
	"""(DocType, name) of what is linked anew: naming somebody else's record would make it one's own."""
	links = [(df.options, df.fieldname) for df in doc.meta.get_link_fields() if df.options in SEEN]
	return [
		(doctype, doc.get(field))
		for doctype, field in links
		if doc.get(field) and not (stored and stored.get(field) == doc.get(field))
	]
