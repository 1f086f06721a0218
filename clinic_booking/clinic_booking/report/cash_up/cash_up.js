frappe.query_reports["Cash-up"] = {
	filters: [
		{ fieldname: "from_date", fieldtype: "Date", label: __("From"), reqd: 1, default: frappe.datetime.get_today() },
		{ fieldname: "to_date", fieldtype: "Date", label: __("To"), reqd: 1, default: frappe.datetime.get_today() },
		{ fieldname: "clinic", fieldtype: "Link", options: "Clinic", label: __("Clinic") },
	],

	/** The totals stand out. */
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		return data && data.bold ? `<b>${shown}</b>` : shown;
	},
};
