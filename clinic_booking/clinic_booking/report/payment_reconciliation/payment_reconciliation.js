frappe.query_reports["Payment Reconciliation"] = {
	filters: [
		{ fieldname: "from_date", fieldtype: "Date", label: __("From"), reqd: 1, default: frappe.datetime.add_days(frappe.datetime.get_today(), -30) },
		{ fieldname: "to_date", fieldtype: "Date", label: __("To"), reqd: 1, default: frappe.datetime.get_today() },
		{ fieldname: "clinic", fieldtype: "Link", options: "Clinic", label: __("Clinic") },
	],
};
