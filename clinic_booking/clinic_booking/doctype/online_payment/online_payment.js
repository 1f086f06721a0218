{% include "clinic_booking/clinic_booking/confirm_transfer.js" %}

frappe.ui.form.on("Online Payment", {
	refresh(frm) {
		const { method, state, reference, amount, currency } = frm.doc;
		if (method === "bank_transfer" && state !== "Paid") {
			clinic_booking.transfers.add_button(frm, { reference, amount, currency });
		}
	},
});
