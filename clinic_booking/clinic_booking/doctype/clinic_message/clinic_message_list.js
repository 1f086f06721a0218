{% include "clinic_booking/clinic_booking/messages_desk.js" %}

const COLOURS = {
	Waiting: "orange",
	Sent: "blue",
	Delivered: "green",
	Bounced: "red",
	Failed: "red",
	Skipped: "gray",
};
// Message, tags, status, to, appointment, channel, why.
const COLUMNS = 7;

frappe.listview_settings["Clinic Message"] = {
	hide_name_column: true,
	hide_name_filter: true,
	get_indicator: ({ status }) => [__(status), COLOURS[status], `status,=,${status}`],
	formatters: {
		kind: (kind) => clinic_booking.messages_desk.kind(kind),
		channel: (channel) => clinic_booking.messages_desk.channel(channel),
	},

	onload(listview) {
		listview.list_view_settings.total_fields ||= COLUMNS;
		listview.setup_columns();
		listview.render_header(true);
		clinic_booking.messages_desk.show_words_in_filters(listview);
	},
};
