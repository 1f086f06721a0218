// Lists tell a start on the clock of its clinic. Included by lists whose rows have `starts_at_utc` and `clinic`.

frappe.provide("clinic_booking.clinic_clock");

(function (clinic_clock) {
	// Of each clinic that this user sees.
	const zones = {};

	clinic_clock.learn = async function (listview) {
		const clinics = await frappe.db.get_list("Clinic", { fields: ["name", "timezone"], limit: 0 });
		for (const { name, timezone } of clinics) zones[name] = timezone;
		listview.render_list();
	};

	/** "24 Nov 09:00", with the year where it is another one: a column has room for no more. */
	clinic_clock.time = function (starts_at_utc, clinic) {
		const zone = zones[clinic] || frappe.boot.time_zone.user;
		const there = moment.utc(starts_at_utc).tz(zone);
		const short = there.format(there.isSame(moment(), "year") ? "D MMM HH:mm" : "D MMM YYYY HH:mm");
		const whole = `${there.format("YYYY-MM-DD HH:mm")} ${zone}`;
		return `<span title="${frappe.utils.escape_html(whole)}">${short}</span>`;
	};
})(clinic_booking.clinic_clock);
