{% include "clinic_booking/clinic_booking/affected.js" %}

frappe.ui.form.on("Doctor", {
	setup(frm) {
		const own_clinics = () => ({
			filters: { name: ["in", (frm.doc.clinics || []).map((row) => row.clinic).filter(Boolean)] },
		});
		frm.set_query("clinic", "availability", own_clinics);
		frm.set_query("clinic", "services", own_clinics);
		frm.set_query("service", "services", () => ({ filters: { enabled: 1 } }));
		frm.set_query("clinic", "clinics", () => ({ filters: { enabled: 1 } }));
	},

	refresh(frm) {
		if (frm.is_new()) return;
		if (frm.doc.enabled) frm.add_web_link(`/book/${frm.doc.slug}`, __("Public page"));
		frm.add_custom_button(__("Calendar"), () =>
			frappe.set_route("List", "Clinic Appointment", "Calendar", "default", { doctor: frm.doc.name })
		);
		frm.add_custom_button(__("Away or Extra Hours"), () =>
			frappe.new_doc("Availability Exception", { doctor: frm.doc.name })
		);
	},
});
