{% include "clinic_booking/clinic_booking/messages_desk.js" %}

frappe.listview_settings["Message Template"] = {
	formatters: {
		kind: (kind) => clinic_booking.messages_desk.kind(kind),
		family: (family) => clinic_booking.messages_desk.family(family),
	},
	onload: (listview) => clinic_booking.messages_desk.show_words_in_filters(listview),
};
