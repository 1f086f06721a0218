"""Who and what is in the demo clinic. Facts only; `demo` makes them. Everybody here is made up."""

from datetime import time

from clinic_booking.setup.demo_portraits import Portrait

MADRID, LONDON = "Sunrise Clinic Madrid", "Sunrise Clinic London"

LOOK = {
	"brand_name": "Sunrise Clinic",
	"logo": "/assets/clinic_booking/images/sunrise.svg",
	"welcome_text": "See who is free and book a visit in Madrid, in London or by video. You need no account.",
}

SYSTEM_SETTINGS = {"first_day_of_the_week": "Monday"}

CLINICS = (
	{
		"title": MADRID,
		"currency": "EUR",
		"country": "Spain",
		"timezone": "Europe/Madrid",
		"address_line": "Calle de Velázquez 54\n28001 Madrid",
		"city": "Madrid",
		"phone": "+34 910 005 440",
		"email": "madrid@sunrise-clinic.example",
		"room_kinds": ("Consulting", "Ultrasound", "Treatment"),
		"compensation": 10,
		"holidays": {(1, 1): "Año Nuevo", (1, 6): "Reyes", (5, 1): "Día del Trabajo", (12, 25): "Navidad"},
	},
	{
		"title": LONDON,
		"currency": "GBP",
		"country": "United Kingdom",
		"timezone": "Europe/London",
		"address_line": "18 Wimpole Street\nLondon W1G 8GD",
		"city": "London",
		"phone": "+44 20 7946 0850",
		"email": "london@sunrise-clinic.example",
		"room_kinds": ("Consulting", "Treatment"),
		"compensation": 10,
		"holidays": {(1, 1): "New Year's Day", (12, 25): "Christmas Day", (12, 26): "Boxing Day"},
	},
)

ROOMS = (
	(MADRID, "Room 1", "Consulting"),
	(MADRID, "Ultrasound Room", "Ultrasound"),
	(MADRID, "Treatment Room A", "Treatment"),
	(MADRID, "Treatment Room B", "Treatment"),
	(LONDON, "Room 1", "Consulting"),
	(LONDON, "Treatment Room", "Treatment"),
)

SPECIALTIES = {
	"General Medicine": "Your first address for anything that worries you.",
	"Cardiology": "Heart and circulation.",
	"Dermatology": "Skin, hair and nails.",
	"Gynaecology": "Check-ups, contraception, pregnancy.",
	"Paediatrics": "Babies, children and teenagers.",
	"Psychology": "Talking therapy for adults and couples.",
	"Physiotherapy": "Movement, pain and recovery after an injury.",
}

INTRODUCTION, CONSULTATION, FOLLOW_UP = "Introductory call", "Consultation", "Follow-up"
HEART, SKIN, CHECK_UP = "Heart ultrasound", "Skin check", "Child check-up"
THERAPY, PHYSIO, URGENT = "Therapy session", "Physiotherapy session", "Urgent consultation"

# Prices by clinic; a pair is price and deposit.
SERVICES = (
	{
		"title": INTRODUCTION,
		"description": "A short call by video to see whether we can help you. Costs nothing.",
		"duration_minutes": 15,
		"payment": "Free",
		"video": 1,
		"prices": {MADRID: 0, LONDON: 0},
	},
	{
		"title": CONSULTATION,
		"description": "Please bring a list of what you take and earlier results, if you have any.",
		"duration_minutes": 30,
		"payment": "At Clinic",
		"prices": {MADRID: 60, LONDON: 75},
	},
	{
		"title": FOLLOW_UP,
		"description": "For patients we have seen within the last three months.",
		"duration_minutes": 20,
		"payment": "Optional",
		"prices": {MADRID: 40, LONDON: 45},
	},
	{
		"title": HEART,
		"description": "An ultrasound of the heart, with the results explained at once. Nothing to prepare.",
		"specialty": "Cardiology",
		"duration_minutes": 40,
		"payment": "At Clinic",
		"room_kind": "Ultrasound",
		"prices": {MADRID: 120},
	},
	{
		"title": SKIN,
		"description": "The whole skin is looked at with a dermatoscope. Please come without make-up.",
		"specialty": "Dermatology",
		"duration_minutes": 30,
		"payment": "Deposit",
		"prices": {MADRID: (80, 20)},
	},
	{
		"title": CHECK_UP,
		"description": "Growth, hearing, sight and vaccinations. Please bring the vaccination record.",
		"specialty": "Paediatrics",
		"duration_minutes": 30,
		"payment": "At Clinic",
		"prices": {LONDON: 70},
	},
	{
		"title": THERAPY,
		"description": "Fifty minutes, by video or at the clinic.",
		"specialty": "Psychology",
		"duration_minutes": 50,
		"payment": "Pay First",
		"no_show_fee": 1,
		"prices": {MADRID: 35, LONDON: 35},
	},
	{
		"title": PHYSIO,
		"description": "Please wear something you can move in.",
		"specialty": "Physiotherapy",
		"duration_minutes": 45,
		"payment": "Optional",
		"room_kind": "Treatment",
		"override_buffers": 1,
		"buffer_after_minutes": 15,
		"prices": {MADRID: 55},
	},
	{
		"title": URGENT,
		"description": "For what cannot wait until morning, but is no emergency. In an emergency call 112 or 999.",
		"duration_minutes": 20,
		"payment": "At Clinic",
		"prices": {LONDON: 110},
	},
)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
MORNING, AFTERNOON, NIGHT = (time(8), time(12)), (time(14), time(18)), (time(20), time(2))


def office(clinic: str) -> tuple:
	"""Weekdays 8 to 12 and 14 to 18."""
	return tuple((clinic, day, hours) for day in WEEKDAYS for hours in (MORNING, AFTERNOON))


DOCTORS = (
	{
		"doctor_name": "Dr. Andreea Ionescu",
		"portrait": Portrait("#dbe9e4", "#e8b998", "#3b2a20", "#2f6f8f", hair_length=0.8),
		"specialties": ("General Medicine",),
		"languages": ("ro", "en", "es"),
		"hours": office(MADRID),
		"services": (CONSULTATION, FOLLOW_UP, INTRODUCTION),
		"color": "#1f77b4",
		"bio": "Andreea looks after whole families and takes the time to explain.",
		"education": "Carol Davila University, Bucharest, 2006",
		"credentials": "Specialist in family medicine",
		"registration_number": "28/2874461",
		"registration_body": "Colegio de Médicos de Madrid",
		"expertise": "High blood pressure, diabetes, travel medicine",
		"approach": "First listen, then examine, then decide together.",
		"faq": (
			("Do you see children?", "From the age of six; younger ones are seen by our paediatrician."),
			("Can I come for a second opinion?", "Yes. Please bring the letters and results you have."),
		),
	},
	{
		"doctor_name": "Dr. Javier Morales Ruiz",
		"portrait": Portrait("#e6e1d6", "#c98f68", "#2a2320", "#41506b", beard=True),
		"specialties": ("Cardiology",),
		"languages": ("es", "en"),
		"hours": office(MADRID),
		"services": (CONSULTATION, HEART, FOLLOW_UP),
		"own_prices": {(CONSULTATION, MADRID): 90},
		"color": "#d62728",
		"bio": "Javier is a cardiologist with twenty years at a university hospital.",
		"education": "Universidad Complutense de Madrid, 1999",
		"credentials": "Specialist in cardiology, PhD",
		"registration_number": "28/2861190",
		"registration_body": "Colegio de Médicos de Madrid",
		"expertise": "Heart failure, valves, rhythm disorders",
		"approach": "As few pills as possible, as many as needed.",
	},
	{
		"doctor_name": "Dr. Camille Laurent",
		"portrait": Portrait("#e9dfe6", "#f0c8a8", "#8a4b2a", "#7a4a6e", hair_length=0.45, glasses=True),
		"specialties": ("Dermatology",),
		"languages": ("fr", "en", "es"),
		"hours": office(MADRID),
		"services": (SKIN, CONSULTATION),
		"color": "#9467bd",
		"bio": "Camille treats skin of every colour and age.",
		"education": "Université de Lyon, 2010",
		"credentials": "Specialist in dermatology and venereology",
		"registration_number": "28/2890377",
		"registration_body": "Colegio de Médicos de Madrid",
		"expertise": "Acne, eczema, early detection of skin cancer",
		"approach": "Pictures and plain words, so that you know what to watch at home.",
	},
	{
		"doctor_name": "Dr. Oliver Bennett",
		"portrait": Portrait("#d9e3ee", "#f1cbb0", "#a9855a", "#3f5f4a", glasses=True),
		"specialties": ("General Medicine",),
		"languages": ("en",),
		"hours": office(LONDON),
		"services": (CONSULTATION, FOLLOW_UP, INTRODUCTION),
		"color": "#2ca02c",
		"bio": "Oliver has been a family doctor in London for fifteen years.",
		"education": "King's College London, 2007",
		"credentials": "MRCGP",
		"registration_number": "7012345",
		"registration_body": "General Medical Council",
		"expertise": "Men's health, asthma, sports injuries",
		"approach": "Straight answers and a plan in writing.",
	},
	{
		"doctor_name": "Dr. Priya Raman",
		"portrait": Portrait("#efe3d3", "#a8704a", "#17120f", "#8c3f3f", hair_length=1.0),
		"specialties": ("Paediatrics",),
		"languages": ("en", "fr"),
		"hours": office(LONDON),
		"services": (CHECK_UP, FOLLOW_UP, INTRODUCTION),
		"color": "#ff7f0e",
		"bio": "Priya sees children from their first week to their eighteenth birthday.",
		"education": "University of Edinburgh, 2009",
		"credentials": "MRCPCH",
		"registration_number": "7098761",
		"registration_body": "General Medical Council",
		"expertise": "Allergies, sleep, development",
		"approach": "Children are asked first.",
		"faq": (("May both parents come?", "Of course, and brothers and sisters too."),),
	},
	{
		"doctor_name": "Mihai Dumitrescu",
		"specialties": ("Psychology",),
		"languages": ("ro", "en"),
		"hours": office(LONDON),
		"services": (THERAPY, INTRODUCTION),
		"color": "#8c564b",
		"bio": "Mihai works with adults who are anxious, grieving or worn out.",
		"education": "Babeș-Bolyai University, Cluj-Napoca, 2011",
		"credentials": "Chartered counselling psychologist",
		"registration_number": "PYL38214",
		"registration_body": "Health and Care Professions Council",
		"expertise": "Anxiety, burnout, living abroad",
		"approach": "Cognitive behavioural therapy, ten to twenty sessions.",
	},
	{
		"doctor_name": "Lucía Fernández Vega",
		"specialties": ("Psychology",),
		"languages": ("es", "fr", "en"),
		"hours": office(MADRID),
		"services": (INTRODUCTION, THERAPY),
		"approves_bookings": 1,
		"color": "#e377c2",
		"bio": "Lucía sees couples and families, and looks at each request herself.",
		"education": "Universidad de Salamanca, 2008",
		"credentials": "Clinical psychologist",
		"registration_number": "M-31557",
		"registration_body": "Colegio Oficial de la Psicología de Madrid",
		"expertise": "Couples, separation, adolescence",
		"approach": "Everybody in the room is heard.",
		"answer_time": "the same day",
	},
	{
		"doctor_name": "Dr. Amara Okafor",
		"portrait": Portrait("#dde6d5", "#6f4630", "#120e0c", "#3d4f7c", hair_length=0.15),
		"specialties": ("General Medicine",),
		"languages": ("en", "fr"),
		"hours": tuple((LONDON, day, NIGHT) for day in ("Wednesday", "Thursday", "Friday", "Saturday")),
		"services": (URGENT,),
		"notice_minutes": 30,
		"grid_minutes": 30,
		"color": "#17becf",
		"bio": "Amara is there at night, when others are closed.",
		"education": "University of Ibadan, 2005",
		"credentials": "MRCGP, Diploma in urgent care",
		"registration_number": "6142907",
		"registration_body": "General Medical Council",
		"expertise": "Fever, infections, minor injuries",
		"approach": "Calm, quick, and clear about what happens next.",
	},
	{
		"doctor_name": "Dr. Élodie Marchand",
		"specialties": ("Gynaecology",),
		"languages": ("fr", "es", "en"),
		"hours": (
			*((MADRID, day, MORNING) for day in ("Monday", "Tuesday")),
			*((LONDON, day, AFTERNOON) for day in ("Thursday", "Friday")),
		),
		"services": (CONSULTATION, FOLLOW_UP),
		"color": "#bcbd22",
		"bio": "Élodie works in Madrid and in London, two days each.",
		"education": "Sorbonne Université, Paris, 2012",
		"credentials": "Specialist in obstetrics and gynaecology",
		"registration_number": "28/2901842",
		"registration_body": "Colegio de Médicos de Madrid",
		"expertise": "Contraception, endometriosis, menopause",
		"approach": "Nothing is done before it is explained.",
	},
	{
		"doctor_name": "Sofía Castillo",
		"specialties": ("Physiotherapy",),
		"languages": ("es", "en"),
		"hours": office(MADRID),
		"services": (PHYSIO,),
		"color": "#7f7f7f",
		"bio": "Sofía gets backs, knees and shoulders moving again.",
		"education": "Universidad de Alcalá, 2014",
		"credentials": "Physiotherapist, manual therapy",
		"registration_number": "13904",
		"registration_body": "Colegio de Fisioterapeutas de Madrid",
		"expertise": "Back pain, after operations, runners",
		"approach": "Few exercises, the right ones, every day.",
	},
)

IONESCU, MORALES, LAURENT, BENNETT, RAMAN, DUMITRESCU, FERNANDEZ, OKAFOR, MARCHAND, CASTILLO = (
	doctor["doctor_name"] for doctor in DOCTORS
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

# Doctor, kind, first day and last day from today, hours (None: all day), clinic, reason.
EXCEPTIONS = (
	(CASTILLO, "Closed", 9, 15, None, None, "Vacation"),
	(BENNETT, "Closed", 6, 6, AFTERNOON, LONDON, "Conference"),
	(RAMAN, "Open", 11, 11, (time(18), time(20)), LONDON, "Evening for working parents"),
)

# What each person at the demo clinic signs in with.
STAFF = (
	("elena.manager@sunrise-clinic.example", "Elena Navarro", "Manager", (MADRID, LONDON)),
	("paul.reception@sunrise-clinic.example", "Paul Whitaker", "Receptionist", (MADRID, LONDON)),
)
DOCTOR_LOGIN = ("andreea.ionescu@sunrise-clinic.example", "Andreea Ionescu", IONESCU)
PATIENT_LOGIN = ("maria.garcia@example.com", "María García López", MARIA)
