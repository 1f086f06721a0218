from clinic_booking.clinic_booking.row import Row


class DoctorService(Row):
	pass
