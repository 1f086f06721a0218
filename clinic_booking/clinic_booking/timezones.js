/** Offer the names of all time zones in a form's field. */
async function offer_timezones(frm, fieldname = "timezone") {
	if (!frappe.all_timezones) {
		const { message } = await frappe.call("frappe.core.doctype.user.user.get_timezones");
		frappe.all_timezones = message.timezones;
	}
	frm.fields_dict[fieldname].set_data(frappe.all_timezones);
}
