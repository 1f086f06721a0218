frappe.listview_settings["Clinic Appointment"] = {
	hide_name_column: true,
	hide_name_filter: true,
	filters: [["status", "in", ["Requested", "Confirmed", "Checked In"]]],
};
