from clinic_booking.clinic_booking.row import Row


class ClinicRoomKind(Row):
	pass
