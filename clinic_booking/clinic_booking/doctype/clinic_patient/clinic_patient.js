{% include "clinic_booking/clinic_booking/front_desk.js" %}
{% include "clinic_booking/clinic_booking/messages_desk.js" %}
{% include "clinic_booking/clinic_booking/timezones.js" %}

frappe.ui.form.on("Clinic Patient", {
	setup(frm) {
		for (const field of ["guardian", "possible_duplicate_of"]) {
			frm.set_query(field, () => ({ filters: { name: ["!=", frm.doc.name] } }));
		}
	},

	onload(frm) {
		offer_timezones(frm);
	},

	refresh(frm) {
		if (frm.is_new()) return;
		frm.add_custom_button(__("Send a Message"), () => clinic_booking.messages_desk.send_to(frm.doc.name));
		for (const { company, amount, currency } of (frm.doc.__onload || {}).credit || []) {
			frm.dashboard.add_indicator(__("Credit with {0}: {1} {2}", [company, amount, currency]), "blue");
		}
		frm.add_custom_button(__("Book"), () =>
			clinic_booking.front_desk.book({ patient: { patient: frm.doc.name, name: frm.doc.patient_name } })
		);
	},
});
