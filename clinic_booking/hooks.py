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
permission_query_conditions = dict.fromkeys(permissions.SEEN, "clinic_booking.permissions.conditions")
has_permission = dict.fromkeys(
	permissions.SEEN | permissions.CHANGED, "clinic_booking.permissions.is_allowed"
)
