{% include "clinic_booking/clinic_booking/letter.js" %}

frappe.ui.form.on("Clinic Message", {
	refresh(frm) {
		const place = frm.get_field("shown_html").$wrapper.empty();
		if (frm.doc.shown_letter) {
			clinic_booking.show_letter(place, frm.doc.shown_subject, frm.doc.shown_letter);
		}
	},
});
