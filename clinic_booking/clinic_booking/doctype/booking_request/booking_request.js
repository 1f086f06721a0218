{% include "clinic_booking/clinic_booking/confirm_transfer.js" %}
{% include "clinic_booking/clinic_booking/messages_desk.js" %}

frappe.ui.form.on("Booking Request", {
	setup: (frm) => clinic_booking.messages_desk.show_words(frm.doctype),

	refresh(frm) {
		const { status, payment_method, payment, reference, price, deposit, currency } = frm.doc;
		if (payment_method === "bank_transfer" && ["Awaiting Payment", "Expired"].includes(status)) {
			const amount = payment === "deposit" ? deposit : price;
			clinic_booking.transfers.add_button(frm, { reference, amount, currency });
		}
	},
});
