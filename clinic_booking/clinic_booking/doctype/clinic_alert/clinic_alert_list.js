// Subject, tags, status. How bad it is, is a filter: the sentence needs the room.
const COLUMNS = 3;

frappe.listview_settings["Clinic Alert"] = {
	hide_name_column: true,
	hide_name_filter: true,

	onload(listview) {
		listview.list_view_settings.total_fields ||= COLUMNS;
		listview.setup_columns();
		listview.render_header(true);
	},
};
