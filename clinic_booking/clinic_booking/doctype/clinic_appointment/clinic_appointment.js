{% include "clinic_booking/clinic_booking/front_desk.js" %}
{% include "clinic_booking/clinic_booking/messages_desk.js" %}
{% include "clinic_booking/clinic_booking/confirm_transfer.js" %}
{% include "clinic_booking/clinic_booking/till.js" %}
{% include "clinic_booking/clinic_booking/timezones.js" %}

const API = "clinic_booking.api";
// Of the fields in the history, those whose values are names of ours.
const WORDS = ["status", "payment_method"];

frappe.ui.form.on("Clinic Appointment", {
	setup(frm) {
		frm.set_query("service", () => ({ filters: { enabled: 1, name: ["in", frm.offer.services] } }));
		frm.set_query("clinic", () => ({ filters: { name: ["in", frm.offer.clinics] } }));
		frm.set_query("doctor", () => ({ filters: { enabled: 1 } }));
		frm.set_query("room", () => ({
			filters: { enabled: 1, clinic: frm.doc.clinic, kind: frm.room_kind },
		}));
		frm.offer = { services: [], clinics: [] };
		frm.room_kind = "";
	},

	onload(frm) {
		offer_timezones(frm);
		frm.set_df_property("channel", "options", [
			{ value: "", label: "" },
			...clinic_booking.messages_desk.channel_options(),
		]);
		load_offer(frm);
		load_room_kind(frm);
	},

	refresh(frm) {
		show_time_at_clinic(frm);
		show_standing(frm);
		show_note(frm);
		show_changes(frm);
		if (!frm.is_new()) {
			add_actions(frm);
			frm.add_custom_button(__("Send a Message"), () => clinic_booking.messages_desk.send(frm.doc.name));
		}
	},

	async doctor(frm) {
		await load_offer(frm);
		const { services, clinics } = frm.offer;
		if (frm.doc.service && !services.includes(frm.doc.service)) frm.set_value("service", null);
		if (frm.doc.clinic && !clinics.includes(frm.doc.clinic)) frm.set_value("clinic", null);
		if (!frm.doc.clinic && clinics.length === 1) frm.set_value("clinic", clinics[0]);
	},

	service(frm) {
		load_room_kind(frm);
		frm.set_value("room", null);
	},

	clinic(frm) {
		frm.set_value("room", null);
		show_time_at_clinic(frm);
	},

	async patient(frm) {
		if (!frm.is_new() || !frm.doc.patient) return;
		const patient = await frappe.db.get_doc("Clinic Patient", frm.doc.patient);
		frm.set_value({
			contact_name: patient.patient_name,
			contact_email: patient.email,
			contact_phone: patient.phone,
			language: patient.language,
			channel: patient.preferred_channel,
			timezone: patient.timezone,
		});
	},

	starts_at(frm) {
		show_time_at_clinic(frm);
		// A new start takes the visit's length along; the server reckons the end.
		if (frm.is_new()) frm.set_value("ends_at", null);
	},
});

async function load_offer(frm) {
	if (!frm.doc.doctor) return;
	const doctor = await frappe.db.get_doc("Doctor", frm.doc.doctor);
	frm.offer = {
		services: [...new Set(doctor.services.map((row) => row.service))],
		clinics: doctor.clinics.map((row) => row.clinic),
	};
}

async function load_room_kind(frm) {
	if (!frm.doc.service) return;
	const { message } = await frappe.db.get_value("Clinic Service", frm.doc.service, "room_kind");
	frm.room_kind = message.room_kind || "";
	frm.toggle_display("room", Boolean(frm.room_kind || frm.doc.room));
}

/** Under the start: what the clock shows at the clinic, where that is another zone than the site's. */
async function show_time_at_clinic(frm) {
	let there = "";
	if (frm.doc.clinic && frm.doc.starts_at) {
		const { message } = await frappe.db.get_value("Clinic", frm.doc.clinic, "timezone");
		const start = moment.tz(frm.doc.starts_at, frappe.boot.time_zone.system);
		there = `${start.clone().tz(message.timezone).format("HH:mm")} ${message.timezone}`;
	}
	frm.set_df_property("starts_at", "description", there);
}

/** What its status doesn't say: that it was approved and waits for money, or what became of what was paid. */
function show_standing(frm) {
	const { status, approved_at_utc, expires_at_utc } = frm.doc;
	if (status === "Requested" && approved_at_utc) {
		const until = moment.utc(expires_at_utc).tz(frm.doc.__onload.timezone).format("D MMM HH:mm");
		frm.set_intro(__("Approved, waits for the payment until {0}.", [until]), "orange");
	}
	if (status === "Cancelled" && frm.doc.refund) frm.set_intro(what_went_back(frm), "blue");
}

/** Of what was paid for a visit that is cancelled; "" where nothing went back. */
function what_went_back(frm) {
	const { refund, refund_as, currency } = frm.doc;
	const amount = format_currency(refund, currency);
	if (!refund) return "";
	return refund_as === "credit"
		? __("{0} became credit for a later visit; Refund gives back what is left of it.", [amount])
		: __("{0} goes back the way it was paid.", [amount]);
}

/** The same before doctor or clinic cancel it, as the server reckons it. */
function what_would_go_back(frm) {
	const { amount, currency, as } = frm.doc.__onload.if_cancelled;
	const shown = format_currency(amount, currency);
	return {
		none: "",
		credit: __("{0} becomes credit for a later visit; Refund gives it back.", [shown]),
		money: __("{0} goes back the way it was paid.", [shown]),
	}[as];
}

function show_note(frm) {
	const note = (frm.doc.__onload || {}).note;
	const text = note
		? frappe.utils.escape_html(note).replace(/\n/g, "<br>")
		: __("None, or one for the doctor and the clinic's managers only.");
	frm.get_field("note_html").$wrapper.html(`<p class="${note ? "" : "text-muted"}">${text}</p>`);
	frm.toggle_display("note_section", !frm.is_new());
}

function show_changes(frm) {
	const changes = (frm.doc.__onload || {}).changes || [];
	const rows = changes.map((change) => {
		const at = moment.utc(change.at_utc).tz(frappe.boot.time_zone.user);
		const who = [frappe.user.full_name(change.user), change.role && __(change.role)];
		return [
			frappe.datetime.str_to_user(at.format("YYYY-MM-DD HH:mm:ss")),
			who.filter(Boolean).join(", "),
			__(change.what),
			differences(frm, change),
			[change.why, ...change.overridden].filter(Boolean).join(" "),
		];
	});
	const cells = (values, tag) =>
		values.map((value) => `<${tag}>${frappe.utils.escape_html(value)}</${tag}>`).join("");
	const head = [__("When"), __("Who"), __("What"), __("From, to"), __("Why")];
	frm.get_field("changes_html").$wrapper.html(
		rows.length
			? `<div class="table-responsive"><table class="table table-bordered small">
				<thead><tr>${cells(head, "th")}</tr></thead>
				<tbody>${rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("")}</tbody>
			</table></div>`
			: `<p class="text-muted">${__("Nothing yet.")}</p>`
	);
}

/** "Status: Requested → Confirmed", one for each field that differs; times are the clinic's. */
function differences(frm, change) {
	return change.differences
		.map(({ field, before, after }) => {
			const { label } = frm.get_docfield(field.replace("_utc", "")) || frm.get_docfield(field);
			const shown = (value) => (WORDS.includes(field) ? __(frappe.model.unscrub(value)) : value) || "–";
			return `${__(label).replace(" (UTC)", "")}: ${shown(before)} → ${shown(after)}`;
		})
		.join("; ");
}

/** The moves of the table of states (BK-6); the server knows who may and when. */
function add_actions(frm) {
	const call = (method, args = {}, done = () => {}) =>
		frappe.call({
			method: `${API}.${method}`,
			args: { appointment: frm.doc.name, ...args },
			freeze: true,
			callback: () => frm.reload_doc().then(done),
		});
	const ask_why = (method, title, label, reqd = true) =>
		frappe.prompt(
			{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd },
			({ reason }) => call(method, reason ? { reason } : {}),
			title,
			label
		);
	const cancel = () =>
		frappe.prompt(
			[
				{ fieldname: "money", fieldtype: "HTML", options: `<p>${what_would_go_back(frm)}</p>` },
				{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
			],
			({ reason }) =>
				call("desk.cancel", { reason }, () =>
					frappe.show_alert([__("Cancelled."), what_went_back(frm)].join(" "), 10)
				),
			__("Cancel the appointment"),
			__("Cancel the Appointment")
		);
	const button = (label, action, primary = false) => {
		frm.add_custom_button(label, action);
		if (primary) frm.change_custom_button_type(label, null, "primary");
	};
	const has_started = moment.utc(frm.doc.starts_at_utc).isBefore(moment());

	const may_answer = frappe.user.has_role(["Clinic Doctor", "Clinic Manager", "System Manager"]);

	if (frm.doc.status === "Requested" && !frm.doc.approved_at_utc && may_answer) {
		button(__("Approve"), () => call("doctor.approve"), true);
		button(__("Decline"), () => ask_why("doctor.decline", __("Decline"), __("Decline")));
	}
	if (frm.doc.status === "Confirmed") {
		if (is_today_or_over(frm)) button(__("Check In"), () => call("desk.check_in"), true);
		if (has_started) {
			button(__("Complete"), () => call("desk.complete"));
			button(__("No Show"), () => call("desk.no_show"));
		}
	}
	if (["Requested", "Confirmed"].includes(frm.doc.status)) {
		if (!has_started) button(__("Cancel Appointment"), cancel);
		button(__("Move"), () => clinic_booking.front_desk.move(frm.doc, () => frm.reload_doc()));
	}
	if (frm.doc.status === "Checked In") {
		button(__("Complete"), () => call("desk.complete"), true);
	}
	clinic_booking.till.add_buttons(frm);
	if (["Checked In", "Completed", "No Show"].includes(frm.doc.status)) {
		const needs_reason = frm.doc.status !== "Checked In";
		button(__("Reopen"), () => ask_why("desk.reopen", __("Back to Confirmed"), __("Reopen"), needs_reason));
	}
}

/** Whether the patient may be here already: on the visit's day at the clinic, or soon before it (BK-6). */
function is_today_or_over(frm) {
	const { timezone } = frm.doc.__onload;
	const start = moment.utc(frm.doc.starts_at_utc).tz(timezone);
	return !moment.tz(timezone).isBefore(start, "day") || start.diff(moment(), "hours", true) <= 2;
}
