frappe.provide("clinic_booking");

// A letter as its reader gets it: in a frame of its own, where nothing of it can run or be sent.
clinic_booking.show_letter = (place, subject, html) => {
	$("<p>").append($("<strong>").text(subject)).appendTo(place);
	$("<iframe>", {
		title: subject,
		sandbox: "",
		srcdoc: html,
		style: "width: 100%; height: 900px; border: 1px solid var(--border-color); border-radius: var(--border-radius); background: white;",
	}).appendTo(place);
};
