from clinic_booking.clinic_booking.row import Row


class DoctorFAQ(Row):
	pass
