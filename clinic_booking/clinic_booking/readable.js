// What fields of ours hold, as people read it in lists and forms.

const NAMES = ["payment", "payment_method", "method", "refund_as"];

for (const { module, fields } of Object.values(locals.DocType)) {
	if (module !== "Clinic Booking") continue;
	for (const field of fields) {
		if (field.fieldname.endsWith("_utc")) show_as_utc(field);
		if (NAMES.includes(field.fieldname) && field.fieldtype !== "Link") {
			field.formatter = (name) => __(frappe.model.unscrub(name));
		}
	}
}

/** As its label says: Frappe takes it for the site's time, and names the user's zone. */
function show_as_utc(field) {
	const format = [frappe.datetime.get_user_date_fmt().toUpperCase(), frappe.datetime.get_user_time_fmt()];
	field.formatter = (instant) => (instant ? moment(instant).format(format.join(" ")) : "");
	field.hide_timezone = 1;
}
