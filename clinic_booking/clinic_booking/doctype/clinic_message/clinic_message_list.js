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
		listview.page.add_actions_menu_item(__("Try Again"), () => try_again(listview));
	},
};

/** Have those of the selected rows that failed sent again: after an outage there are many. */
async function try_again(listview) {
	const failed = listview.get_checked_items().filter(({ status }) => status === "Failed");
	for (const { name } of failed) {
		// One that somebody was quicker with says so, and stops no other.
		await clinic_booking.messages_desk.retry(name).catch(() => {});
	}
	frappe.show_alert(failed.length ? __("They are on their way.") : __("Only messages that failed are sent again."));
	listview.clear_checked_items();
	// Frappe would not ask again for what it asked for in the last three seconds.
	listview.last_args = null;
	listview.refresh();
}
