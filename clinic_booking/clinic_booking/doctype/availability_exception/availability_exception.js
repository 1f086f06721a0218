{% include "clinic_booking/clinic_booking/affected.js" %}

frappe.ui.form.on("Availability Exception", {
	setup(frm) {
		frm.clinics = [];
		frm.set_query("clinic", () => ({ filters: { name: ["in", frm.clinics] } }));
	},

	onload: load_clinics,
	doctor: load_clinics,

	from_date(frm) {
		if (!frm.doc.to_date || frm.doc.to_date < frm.doc.from_date) {
			frm.set_value("to_date", frm.doc.from_date);
		}
	},
});

async function load_clinics(frm) {
	if (!frm.doc.doctor) return;
	const doctor = await frappe.db.get_doc("Doctor", frm.doc.doctor);
	frm.clinics = doctor.clinics.map((row) => row.clinic);
}
