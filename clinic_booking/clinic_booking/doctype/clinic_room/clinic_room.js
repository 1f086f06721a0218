frappe.ui.form.on("Clinic Room", {
	refresh: offer_kinds,
	clinic: offer_kinds,
});

async function offer_kinds(frm) {
	if (!frm.doc.clinic) return;
	const clinic = await frappe.db.get_doc("Clinic", frm.doc.clinic);
	frm.fields_dict.kind.set_data(clinic.room_kinds.map((row) => row.kind));
}
