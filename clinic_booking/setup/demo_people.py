"""The demo clinic's patients, their visits, and who works there. Facts only; everybody here is made up."""

from clinic_booking.setup.demo_clinic import (
	CHECK_UP,
	CONSULTATION,
	FOLLOW_UP,
	HEART,
	INTRODUCTION,
	LONDON,
	MADRID,
	PHYSIO,
	SKIN,
	THERAPY,
	URGENT,
)
from clinic_booking.setup.demo_doctors import (
	BENNETT,
	CASTILLO,
	DUMITRESCU,
	FERNANDEZ,
	IONESCU,
	LAURENT,
	MARCHAND,
	MORALES,
	OKAFOR,
	RAMAN,
)

PATIENTS = (
	{
		"patient_name": "María García López",
		"email": "maria.garcia@example.com",
		"phone": "+34 611 220 101",
		"birth_date": "1988-04-12",
		"language": "es",
		"clinic": MADRID,
	},
	{
		"patient_name": "Ștefan Popescu",
		"email": "stefan.popescu@example.com",
		"phone": "+40 722 310 455",
		"birth_date": "1979-11-30",
		"language": "ro",
		"clinic": MADRID,
	},
	{
		"patient_name": "Hugo García López",
		"email": "maria.garcia@example.com",
		"phone": "+34 611 220 101",
		"birth_date": "2017-09-03",
		"language": "es",
		"clinic": MADRID,
		"guardian": "María García López",
	},
	{
		"patient_name": "Chloé Dubois",
		"email": "chloe.dubois@example.com",
		"phone": "+33 6 12 30 45 78",
		"birth_date": "1994-02-21",
		"language": "fr",
		"clinic": MADRID,
	},
	{
		"patient_name": "Noor Haddad",
		"email": "noor.haddad@example.com",
		"phone": "+44 7700 900 118",
		"birth_date": "1991-06-08",
		"language": "en",
		"clinic": LONDON,
	},
	{
		"patient_name": "Daniel O'Connor",
		"email": "daniel.oconnor@example.com",
		"phone": "+44 7700 900 342",
		"birth_date": "1966-12-17",
		"language": "en",
		"clinic": LONDON,
	},
	{
		"patient_name": "Wei Zhang",
		"email": "wei.zhang@example.com",
		"phone": "+44 7700 900 467",
		"birth_date": "1999-08-25",
		"language": "en",
		"clinic": LONDON,
	},
	{
		"patient_name": "Ioana Marinescu",
		"email": "ioana.marinescu@example.com",
		"phone": "+40 745 118 902",
		"birth_date": "1985-01-14",
		"language": "ro",
		"clinic": LONDON,
	},
	{
		"patient_name": "Tomás Herrera",
		"email": "tomas.herrera@example.com",
		"phone": "+34 622 904 713",
		"birth_date": "1972-05-19",
		"language": "es",
		"clinic": MADRID,
	},
	{
		"patient_name": "Aisha Bello",
		"email": "aisha.bello@example.com",
		"phone": "+44 7700 900 551",
		"birth_date": "1983-10-02",
		"language": "en",
		"clinic": LONDON,
	},
)

MARIA, STEFAN, HUGO, CHLOE, NOOR, DANIEL, WEI, IOANA, TOMAS, AISHA = (
	patient["patient_name"] for patient in PATIENTS
)

# Patient, doctor, service (each three once: by them a visit is known again); the day, counted in days on
# which the doctor is there (0 is today or the next such day, -1 the one before); which half hour of that
# day; status; further fields.
VISITS = (
	(MARIA, IONESCU, CONSULTATION, -12, 2, "Completed", {"rating": 5, "source": "Online"}),
	(STEFAN, IONESCU, FOLLOW_UP, -9, 5, "Completed", {}),
	(TOMAS, MORALES, HEART, -8, 3, "Completed", {"rating": 4, "source": "Online"}),
	(NOOR, BENNETT, CONSULTATION, -7, 4, "Completed", {}),
	(IOANA, DUMITRESCU, THERAPY, -6, 8, "Completed", {}),
	(DANIEL, BENNETT, FOLLOW_UP, -4, 1, "No Show", {}),
	(CHLOE, LAURENT, SKIN, -3, 6, "Completed", {"rating": 5, "source": "Online"}),
	(AISHA, OKAFOR, URGENT, -2, 2, "Completed", {}),
	(TOMAS, IONESCU, FOLLOW_UP, -2, 9, "Cancelled", {"cancel_reason": "Came down with a cold."}),
	(STEFAN, IONESCU, CONSULTATION, 0, 3, "Confirmed", {}),
	(TOMAS, IONESCU, CONSULTATION, 0, 9, "Confirmed", {"source": "Online"}),
	(CHLOE, LAURENT, CONSULTATION, 0, 11, "Confirmed", {}),
	(DANIEL, BENNETT, CONSULTATION, 0, 10, "Confirmed", {"source": "Online"}),
	(HUGO, CASTILLO, PHYSIO, 1, 4, "Confirmed", {}),
	(
		MARIA,
		IONESCU,
		FOLLOW_UP,
		1,
		2,
		"Confirmed",
		{"source": "Online", "note": "The cough is back since Sunday."},
	),
	(MARIA, FERNANDEZ, INTRODUCTION, 1, 6, "Requested", {"source": "Online"}),
	(WEI, RAMAN, CHECK_UP, 1, 3, "Confirmed", {}),
	(NOOR, MARCHAND, CONSULTATION, 1, 3, "Confirmed", {"source": "Online"}),
	(TOMAS, MORALES, CONSULTATION, 2, 5, "Confirmed", {}),
	(IOANA, DUMITRESCU, INTRODUCTION, 2, 4, "Confirmed", {}),
	(CHLOE, MORALES, HEART, 3, 7, "Confirmed", {"source": "Online"}),
	(NOOR, OKAFOR, URGENT, 0, 4, "Confirmed", {}),
	(WEI, BENNETT, CONSULTATION, 4, 2, "Confirmed", {}),
)

# What each person at the demo clinic signs in with.
STAFF = (
	("elena.manager@sunrise-clinic.example", "Elena Navarro", "Manager", (MADRID, LONDON)),
	("paul.reception@sunrise-clinic.example", "Paul Whitaker", "Receptionist", (MADRID, LONDON)),
)
DOCTOR_LOGIN = ("andreea.ionescu@sunrise-clinic.example", "Andreea Ionescu", IONESCU)
PATIENT_LOGIN = ("maria.garcia@example.com", "María García López", MARIA)
