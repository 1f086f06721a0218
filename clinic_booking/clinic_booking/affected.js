// A change of hours that hits appointments: the server refuses it with the list; keep them, or cancel them (AV-11).

frappe.request.error_handlers.AppointmentsAffected = [
	(response) => ask_about_affected(response, save_with_decision),
];
frappe.request.error_handlers.DeletionAffectsAppointments = [
	(response) => ask_about_affected(response, remove_with_decision),
];

/** Show the list, and hand on what was decided: "keep", or "cancel" with the reason. */
function ask_about_affected(response, decided) {
	const [message] = JSON.parse(response._server_messages || "[]").map(JSON.parse).slice(-1);
	// From a list there is no form to go on with.
	if (!window.cur_frm || frappe.get_route()[0] !== "Form") return frappe.msgprint(message);
	const dialog = new frappe.ui.Dialog({
		title: message.title,
		fields: [
			{ fieldname: "list", fieldtype: "HTML", options: message.message },
			{
				fieldname: "reason",
				fieldtype: "Small Text",
				label: __("Reason, if you cancel them"),
			},
		],
		primary_action_label: __("Keep Them"),
		primary_action() {
			dialog.hide();
			decided("keep");
		},
		secondary_action_label: __("Cancel Them"),
		secondary_action() {
			const reason = dialog.get_value("reason");
			if (!reason) {
				dialog.get_field("reason").set_focus();
				return frappe.show_alert({ message: __("Please give a reason."), indicator: "orange" });
			}
			dialog.hide();
			decided("cancel", reason);
		},
	});
	dialog.add_custom_action(__("Back"), () => dialog.hide());
	dialog.show();
}

function save_with_decision(affected, affected_reason) {
	const { doc } = cur_frm;
	Object.assign(doc, { affected, affected_reason });
	// Said for this save only.
	cur_frm.save().finally(() => {
		delete doc.affected;
		delete doc.affected_reason;
	});
}

function remove_with_decision(affected, reason) {
	const { doctor, name, doctype } = cur_frm.doc;
	frappe.call({
		method: "clinic_booking.api.doctor.remove_exceptions",
		args: { doctor, exceptions: [name], affected, ...(reason ? { reason } : {}) },
		freeze: true,
		callback: () => frappe.set_route("List", doctype),
	});
}
