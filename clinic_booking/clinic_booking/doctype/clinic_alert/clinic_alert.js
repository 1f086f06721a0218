frappe.ui.form.on("Clinic Alert", {
	refresh(frm) {
		const may_retry = frappe.user.has_role(["Clinic Manager", "System Manager"]);
		if (frm.doc.kind === "Books" && frm.doc.status === "Open" && may_retry) {
			frm.add_custom_button(__("Try Again"), () =>
				frappe.call({
					method: "clinic_booking.api.desk.retry_books",
					args: { appointment: frm.doc.reference_name },
					freeze: true,
					callback: () =>
						frappe.show_alert(__("It is being tried again; this alert is done once it works.")),
				})
			);
		}
	},
});
