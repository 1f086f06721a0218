// A field that ends in _utc shows UTC, as its label says: Frappe takes it for the site's time, and names the user's zone.

for (const { module, fields } of Object.values(locals.DocType)) {
	if (module !== "Clinic Booking") continue;
	for (const field of fields) {
		if (!field.fieldname.endsWith("_utc")) continue;
		field.hide_timezone = 1;
		const format = [frappe.datetime.get_user_date_fmt().toUpperCase(), frappe.datetime.get_user_time_fmt()];
		field.formatter = (instant) => (instant ? moment(instant).format(format.join(" ")) : "");
	}
}
