{% include "clinic_booking/clinic_booking/letter.js" %}

frappe.ui.form.on("Message Template", {
	refresh(frm) {
		const place = frm.get_field("preview").$wrapper.empty();
		const preview = frm.doc.__onload?.preview;
		if (!preview) {
			return;
		}
		if (preview.problem) {
			place.text(preview.problem);
		} else if (preview.html) {
			clinic_booking.show_letter(place, preview.subject, preview.html);
		} else {
			$("<p>").css("white-space", "pre-wrap").text(preview.text).appendTo(place);
		}
	},
});
