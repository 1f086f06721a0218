{% include "clinic_booking/clinic_booking/messages_desk.js" %}

frappe.listview_settings["Message Template"] = {
	formatters: { kind: (kind) => clinic_booking.messages_desk.kind(kind) },
	onload: (listview) => clinic_booking.messages_desk.show_words_in_filters(listview),
};
