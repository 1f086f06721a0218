from clinic_booking.clinic_booking.row import Row


class DoctorSpecialty(Row):
	pass
