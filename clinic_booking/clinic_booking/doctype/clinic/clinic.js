{% include "clinic_booking/clinic_booking/affected.js" %}
{% include "clinic_booking/clinic_booking/timezones.js" %}

frappe.ui.form.on("Clinic", {
	onload(frm) {
		offer_timezones(frm);
	},
});
