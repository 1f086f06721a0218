app_name = "clinic_booking"
app_title = "Clinic Booking"
app_publisher = "Clinic Booking contributors"
app_description = "Appointments for clinics: availability, bookings that cannot collide, payments"
app_email = "hello@clinic-booking.example"
app_license = "gpl-3.0"

required_apps = ["frappe/erpnext"]
