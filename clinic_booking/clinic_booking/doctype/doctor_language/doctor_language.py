from clinic_booking.clinic_booking.row import Row


class DoctorLanguage(Row):
	pass
