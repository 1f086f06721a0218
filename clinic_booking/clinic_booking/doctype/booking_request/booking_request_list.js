{% include "clinic_booking/clinic_booking/clinic_clock.js" %}

// Reference, tags, status, patient, doctor, start, price.
const COLUMNS = 7;

frappe.listview_settings["Booking Request"] = {
	hide_name_column: true,
	hide_name_filter: true,
	add_fields: ["clinic"],

	formatters: {
		starts_at_utc: (start, _df, { clinic }) => clinic_booking.clinic_clock.time(start, clinic),
	},

	onload(listview) {
		listview.list_view_settings.total_fields ||= COLUMNS;
		listview.setup_columns();
		const start = listview.columns.find(({ df }) => df && df.fieldname === "starts_at_utc");
		start.df = { ...start.df, label: __("Starts at") };
		listview.render_header(true);
		clinic_booking.clinic_clock.learn(listview);
	},
};
