{% include "clinic_booking/clinic_booking/letter.js" %}
{% include "clinic_booking/clinic_booking/messages_desk.js" %}

frappe.ui.form.on("Clinic Message", {
	setup: (frm) => clinic_booking.messages_desk.show_words(frm.doctype),

	refresh(frm) {
		const desk = clinic_booking.messages_desk;
		frm.page.set_title(desk.kind(frm.doc.kind));
		if (frm.doc.status === "Failed") {
			frm.add_custom_button(__("Try Again"), () => desk.retry(frm.doc.name, () => frm.reload_doc()));
		}
		without_zone(frm);
		show_what_went_out(frm);
	},
});

/** Frappe writes the user's zone below every time; these are UTC, as their labels say. */
function without_zone(frm) {
	for (const field of frm.fields.filter(({ df }) => df.fieldtype === "Datetime")) {
		Object.assign(field.df, { hide_timezone: 1, description: "" });
		field.refresh();
	}
}

/** In the demo: the letter as its reader would have got it, with its calendar file. */
function show_what_went_out(frm) {
	const { shown_subject, shown_letter, shown_calendar_file } = frm.doc;
	const place = frm.get_field("shown_html").$wrapper.empty();
	if (shown_letter) {
		clinic_booking.show_letter(place, shown_subject, shown_letter);
	}
	if (shown_calendar_file) {
		const href = `data:text/calendar;charset=utf-8,${encodeURIComponent(shown_calendar_file)}`;
		const text = __("Calendar file");
		$("<a>", { href, text, download: "appointment.ics", class: "btn btn-default btn-sm my-3" }).appendTo(place);
	}
}
