const show = (problems) =>
	frappe.msgprint({
		title: problems.length ? __("Not ready") : __("Ready"),
		indicator: problems.length ? "orange" : "green",
		message: problems.length
			? problems.map((each) => frappe.utils.escape_html(each)).join("<br>")
			: __("Everything is set up, and patients can use it."),
	});

// What is tested is what is saved.
const test = (frm, method) =>
	frm.is_dirty()
		? frappe.msgprint(__("Please save first: what is saved is tested."))
		: frappe.call({ method, type: "POST", freeze: true, callback: ({ message }) => show(message.problems) });

frappe.ui.form.on("Clinic Booking Settings", {
	test_stripe: (frm) => test(frm, "clinic_booking.api.settings.test_stripe"),
	test_sms: (frm) => test(frm, "clinic_booking.api.settings.test_sms"),
	test_whatsapp: (frm) => test(frm, "clinic_booking.api.settings.test_whatsapp"),
	test_push: (frm) => test(frm, "clinic_booking.api.settings.test_push"),
});
