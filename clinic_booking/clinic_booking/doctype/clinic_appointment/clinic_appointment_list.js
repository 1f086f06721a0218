{% include "clinic_booking/clinic_booking/front_desk.js" %}
{% include "clinic_booking/clinic_booking/import_bookings.js" %}

frappe.listview_settings["Clinic Appointment"] = {
	hide_name_column: true,
	hide_name_filter: true,
	filters: [["status", "in", ["Requested", "Confirmed", "Checked In"]]],

	primary_action: () => clinic_booking.front_desk.book(shown_in_list(), () => cur_list.refresh()),

	onload(listview) {
		if (!frappe.user.has_role(["Clinic Manager", "System Manager"])) return;
		listview.page.add_menu_item(__("Import from an Older System"), clinic_booking.import_bookings);
	},

	/** Runs for the calendar, too, which has no other hook. */
	before_render() {
		if (cur_list.walk_in_button) return;
		cur_list.walk_in_button = cur_list.page.add_inner_button(__("Walk-in"), () =>
			clinic_booking.front_desk.walk_in(shown_in_list())
		);
	},
};

/** The doctor and clinic that the list or calendar is filtered by. */
function shown_in_list() {
	const shown = {};
	for (const [, field, operator, value] of cur_list.filter_area.get()) {
		if (["doctor", "clinic"].includes(field) && operator === "=") shown[field] = value;
	}
	return shown;
}
