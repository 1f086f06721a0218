"""The demo clinic: where it is and what it offers. Facts only; `demo` makes them."""

MADRID, LONDON = "Sunrise Clinic Madrid", "Sunrise Clinic London"

LOOK = {
	"brand_name": "Sunrise Clinic",
	"logo": "/assets/clinic_booking/images/sunrise.svg",
	"privacy_url": "https://sunrise-clinic.example/privacy",
	"terms_url": "https://sunrise-clinic.example/terms",
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
