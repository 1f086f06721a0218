from clinic_booking import permissions

app_name = "clinic_booking"
app_title = "Clinic Booking"
app_publisher = "Clinic Booking contributors"
app_description = "Appointments for clinics: availability, bookings that cannot collide, payments"
app_email = "hello@clinic-booking.example"
app_license = "gpl-3.0"

required_apps = ["frappe/erpnext"]

before_install = "clinic_booking.setup.install.before_install"
after_install = "clinic_booking.setup.install.after_install"
after_migrate = "clinic_booking.setup.install.after_migrate"
before_uninstall = "clinic_booking.setup.install.before_uninstall"
after_uninstall = "clinic_booking.setup.install.after_uninstall"

# Which rows each person reaches; which DocTypes and actions is in the DocTypes' own permissions.
permission_query_conditions = dict.fromkeys(permissions.SEEN, "clinic_booking.permissions.conditions") | {
	"File": "clinic_booking.permissions.file_conditions"
}
has_permission = dict.fromkeys(
	permissions.SEEN | permissions.CHANGED, "clinic_booking.permissions.is_allowed"
)

_look, _settle = "clinic_booking.booking.affected.look", "clinic_booking.booking.affected.settle"
_bill = "clinic_booking.billing.clinic_appointment.note"
_tell = "clinic_booking.messaging.clinic_appointment.note"

doc_events = {
	# An appointment's books are looked at after the commit; the ledger decides its payment status (docs/billing.md).
	# What people are told of it is written in its own transaction (docs/messages.md).
	"Clinic Appointment": {
		**dict.fromkeys(("on_request", "on_reschedule"), _tell),
		"on_hand_over": "clinic_booking.messaging.clinic_appointment.hand_over",
		"on_confirm": [_bill, _tell],
		"on_cancel": [_bill, "clinic_booking.billing.clinic_appointment.promise_refund", _tell],
		**dict.fromkeys(("on_complete", "on_no_show"), _bill),
		"on_approve": "clinic_booking.messaging.clinic_appointment.await_payment",
		"on_compensate": "clinic_booking.messaging.clinic_appointment.compensate",
		"on_trash": [
			"clinic_booking.billing.clinic_appointment.forget",
			"clinic_booking.messaging.clinic_appointment.forget",
		],
	},
	"Payment Entry": {
		"before_insert": "clinic_booking.billing.payment_entry.amended",
		**dict.fromkeys(("on_submit", "on_cancel"), "clinic_booking.billing.payment_entry.follow"),
	},
	"Journal Entry": {
		"before_insert": "clinic_booking.billing.journal_entry.amended",
		"on_cancel": "clinic_booking.billing.journal_entry.follow",
	},
	"Unreconcile Payment": {"on_submit": "clinic_booking.billing.unreconcile_payment.follow"},
	"Booking Request": {"on_await_payment": "clinic_booking.messaging.booking_request.await_payment"},
	"Online Payment": {
		"on_paid": "clinic_booking.messaging.online_payment.paid",
		"on_paid_too_late": "clinic_booking.messaging.online_payment.too_late",
	},
	"Online Refund": {
		"on_refunded": "clinic_booking.messaging.online_refund.refunded",
		"on_refund_failed": "clinic_booking.messaging.online_refund.failed",
	},
	"Payment Ledger Entry": {"on_submit": "clinic_booking.billing.payment_ledger_entry.follow"},
	"Sales Invoice": {
		"before_insert": "clinic_booking.billing.sales_invoice.amended",
		**dict.fromkeys(("on_submit", "on_cancel"), "clinic_booking.billing.sales_invoice.follow"),
	},
	# What opens or closes a way to pay changes what is offered (booking/ways_to_pay.py).
	"Clinic Booking Settings": {"on_update": "clinic_booking.billing.clinic_booking_settings.follow"},
	"Mode of Payment": dict.fromkeys(
		("on_update", "on_trash"), "clinic_booking.billing.mode_of_payment.follow"
	),
	# Mails that an Email Account receives: those that came back.
	"Communication": {
		"before_insert": "clinic_booking.messaging.communication.note",
		"validate": "clinic_booking.messaging.communication.blank",
		"on_update": "clinic_booking.messaging.communication.drop_calendar_file",
	},
	# Frappe writes every variable of every frame; ours may hold what a patient typed.
	"Error Log": {"before_insert": "clinic_booking.error_log.strip"},
	"Translation": dict.fromkeys(("on_update", "on_trash"), "clinic_booking.translations.reworded"),
	# Every change of what a doctor offers is noted in its own transaction (booking/practices.py).
	# What closes the time of appointments is settled with it (booking/affected.py).
	"Doctor": {
		"before_save": ["clinic_booking.booking.practice_changes.doctor", _look],
		"on_update": _settle,
	},
	**{
		doctype: {
			"before_save": _look,
			"on_update": [f"clinic_booking.booking.practice_changes.{listener}", *more, _settle],
			"on_trash": [_look, f"clinic_booking.booking.practice_changes.{listener}"],
			"after_delete": _settle,
		}
		for doctype, listener, *more in (
			("Availability Exception", "availability_exception"),
			("Clinic", "clinic", "clinic_booking.billing.clinic.prepare"),
			("Clinic Service", "clinic_service"),
			("Holiday List", "holiday_list"),
			("Holiday", "holiday"),
		)
	},
	**{
		doctype: dict.fromkeys(
			("on_update", "on_trash"), f"clinic_booking.booking.practice_changes.{listener}"
		)
		for doctype, listener in (
			("Clinic Room", "clinic_room"),
			("Specialty", "specialty"),
		)
	},
}

# How patients can pay at a clinic, before the visit.
clinic_booking_ways_to_pay = ["clinic_booking.billing.registry.ways_to_pay"]
clinic_booking_money_came_by = ["clinic_booking.billing.money_back.came_by"]
# What is still open of a visit, and whether money is on its way.
clinic_booking_left_to_pay = ["clinic_booking.billing.payments.left"]
clinic_booking_is_paying = ["clinic_booking.billing.asking.is_on_its_way"]
# Providers with payment pages of their own, by the method's name (docs/gateways.md).
clinic_booking_gateways = {"stripe": ["clinic_booking.billing.stripe_account.gateway"]}

doctype_js = {"Holiday List": "clinic_booking/affected.js"}
# With the DocType itself, lists and forms alike: what is UTC is shown as that, names of ours as words.
doctype_list_js = dict.fromkeys(
	(
		*("Appointment Change", "Billing Task", "Booking Request", "Clinic Appointment", "Clinic Message"),
		*("Gateway Event", "Link Request", "Message Opt Out", "Online Payment", "Online Refund"),
	),
	"clinic_booking/readable.js",
)

scheduler_events = {
	"cron": {
		"* * * * *": [
			"clinic_booking.booking.expire.every_minute",
			"clinic_booking.billing.tasks.every_minute",
			"clinic_booking.billing.refund_work.every_minute",
			"clinic_booking.messaging.sending.every_minute",
			"clinic_booking.messaging.link_requests.every_minute",
			"clinic_booking.billing.gateway_events.every_minute",
		],
		"*/3 * * * *": ["clinic_booking.billing.looks.every_few_minutes"],
	},
	"hourly": [
		"clinic_booking.booking.expire.hourly",
		"clinic_booking.api.limits.hourly",
		"clinic_booking.messaging.link_requests.hourly",
	],
	"daily": ["clinic_booking.billing.gateway_events.daily"],
}

# How messages travel (docs/messages.md). Apps add their own.
clinic_booking_channels = [
	f"clinic_booking.messaging.ways.{channel}" for channel in ("email", "sms", "whatsapp", "push")
]

# In days; Log Settings may say otherwise (docs/messages.md).
default_log_clearing_doctypes = {"Clinic Message": 730}

# Our print formats hold everything they show, and are made by WeasyPrint.
pdf_generator = ["clinic_booking.billing.pdf.generate"]
jinja = {"methods": ["clinic_booking.billing.print_formats"]}

auth_hooks = ["clinic_booking.guard.check"]
before_request = ["clinic_booking.api.before.before_request", "clinic_booking.pages.resolver.before_request"]
after_request = ["clinic_booking.api.after.after_request", "clinic_booking.exports.after_request"]

# The public pages find themselves before Frappe looks anywhere else.
website_path_resolver = ["clinic_booking.pages.resolver.resolve"]
page_renderer = ["clinic_booking.pages.renderer.PublicPage", "clinic_booking.api.after.NoPage"]
