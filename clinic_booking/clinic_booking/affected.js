// A change of hours that hits appointments: the server refuses it with the list; keep them, or cancel them (AV-11).

frappe.provide("clinic_booking");

clinic_booking.ask_about_affected = function (response) {
	const frm = cur_frm;
	const [message] = JSON.parse(response._server_messages || "[]").map(JSON.parse).slice(-1);
	const save = (affected, affected_reason) => {
		dialog.hide();
		Object.assign(frm.doc, { affected, affected_reason });
		// Said for this save only.
		return frm.save().finally(() => {
			delete frm.doc.affected;
			delete frm.doc.affected_reason;
		});
	};
	const dialog = new frappe.ui.Dialog({
		title: message.title,
		fields: [
			{ fieldname: "list", fieldtype: "HTML", options: message.message },
			{
				fieldname: "reason",
				fieldtype: "Small Text",
				label: __("Reason, if you cancel them"),
				default: frm.doc.reason,
			},
		],
		primary_action_label: __("Keep Them"),
		primary_action: () => save("keep"),
		secondary_action_label: __("Cancel Them"),
		secondary_action() {
			const reason = dialog.get_value("reason");
			if (reason) return save("cancel", reason);
			dialog.get_field("reason").set_focus();
			frappe.show_alert({ message: __("Please give a reason."), indicator: "orange" });
		},
	});
	dialog.add_custom_action(__("Back"), () => dialog.hide());
	dialog.show();
};

frappe.request.error_handlers.AppointmentsAffected = [clinic_booking.ask_about_affected];
