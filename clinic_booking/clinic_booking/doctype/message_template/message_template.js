{% include "clinic_booking/clinic_booking/letter.js" %}
{% include "clinic_booking/clinic_booking/messages_desk.js" %}

frappe.ui.form.on("Message Template", {
	setup(frm) {
		const desk = clinic_booking.messages_desk;
		desk.show_words(frm.doctype);
		frm.set_df_property("kind", "options", desk.kind_options());
		const families = ["email", "short"].map((family) => ({ value: family, label: desk.family(family) }));
		frm.set_df_property("family", "options", families);
	},

	refresh(frm) {
		if (!frm.is_new()) {
			frm.page.set_title(clinic_booking.messages_desk.kind(frm.doc.kind));
		}
		show_preview(frm);
	},
});

function show_preview(frm) {
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
}
