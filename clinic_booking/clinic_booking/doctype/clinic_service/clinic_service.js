{% include "clinic_booking/clinic_booking/affected.js" %}

frappe.ui.form.on("Clinic Service", {
	refresh: offer_room_kinds,
});

frappe.ui.form.on("Clinic Service Price", {
	clinic: offer_room_kinds,
});

async function offer_room_kinds(frm) {
	const names = (frm.doc.prices || []).map((row) => row.clinic).filter(Boolean);
	const clinics = await Promise.all(names.map((name) => frappe.db.get_doc("Clinic", name)));
	const kinds = clinics.flatMap((clinic) => clinic.room_kinds.map((row) => row.kind));
	frm.fields_dict.room_kind.set_data([...new Set(kinds)]);
}
