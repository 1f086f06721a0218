{% include "clinic_booking/clinic_booking/affected.js" %}
{% include "clinic_booking/clinic_booking/timezones.js" %}

frappe.ui.form.on("Clinic", {
	setup(frm) {
		const company = () => frm.doc.company;
		frm.set_query("income_account", () => ({
			filters: { company: company(), root_type: "Income", is_group: 0 },
		}));
		frm.set_query("cost_center", () => ({ filters: { company: company(), is_group: 0 } }));
		frm.set_query("tax_template", () => ({ filters: { company: company(), disabled: 0 } }));
	},

	onload(frm) {
		offer_timezones(frm);
	},
});
