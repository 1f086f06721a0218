{% include "clinic_booking/clinic_booking/letter.js" %}
{% include "clinic_booking/clinic_booking/messages_desk.js" %}

frappe.ui.form.on("Clinic Message", {
	refresh(frm) {
		const desk = clinic_booking.messages_desk;
		if (frm.doc.status === "Failed") {
			frm.add_custom_button(__("Try Again"), () => desk.retry(frm.doc.name, () => frm.reload_doc()));
		}
		const place = frm.get_field("shown_html").$wrapper.empty();
		if (frm.doc.shown_letter) {
			clinic_booking.show_letter(place, frm.doc.shown_subject, frm.doc.shown_letter);
		}
	},
});
