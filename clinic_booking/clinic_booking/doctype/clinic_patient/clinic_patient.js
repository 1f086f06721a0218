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
		frm.add_custom_button(__("Book"), () =>
			frappe.new_doc("Clinic Appointment", { patient: frm.doc.name, clinic: frm.doc.clinic })
		);
	},
});
