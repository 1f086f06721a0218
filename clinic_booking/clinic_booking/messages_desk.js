// What the desk does about messages: send one to a patient, or again (NT-7). Included by forms and lists.

frappe.provide("clinic_booking.messages_desk");

(function (desk) {
	const API = "clinic_booking.api.desk";
	const escape = (text) => frappe.utils.escape_html(text || "");
	const CHANNELS = () => ({
		email: __("E-mail"),
		sms: __("SMS"),
		whatsapp: __("WhatsApp"),
		push: __("Push"),
	});
	const KINDS = () => ({
		requested: __("Request received"),
		booked: __("Booked"),
		moved: __("Moved"),
		cancelled: __("Cancelled"),
		declined: __("Declined"),
		reminder: __("Reminder"),
		video_link: __("Link to the video visit"),
		await_payment: __("Waits for its payment"),
		payment_due: __("Payment due"),
		paid: __("Paid"),
		refunded: __("Refunded"),
		handed_out: __("Refunded at the clinic"),
		credited: __("The clinic's credit on top"),
		refund_failed: __("Refund failed: it is credit now"),
		too_late: __("Paid too late"),
		link: __("Link to the booking"),
		doctor_requested: __("To the doctor: requested"),
		doctor_booked: __("To the doctor: booked"),
	});

	desk.kind = (kind) => KINDS()[kind] || kind;
	desk.family = (family) => ({ email: __("E-mail"), short: __("Short message") })[family] || family;
	desk.channel = (channel) => CHANNELS()[channel] || channel;
	desk.kind_options = (kinds = Object.keys(KINDS())) => kinds.map((kind) => ({ value: kind, label: desk.kind(kind) }));
	desk.channel_options = (channels = Object.keys(CHANNELS())) =>
		channels.map((channel) => ({ value: channel, label: desk.channel(channel) }));

	/** Have the fields of a DocType that hold our names of messages and channels show words. */
	desk.show_words = function (doctype) {
		const fields = frappe.meta.docfield_map[doctype];
		for (const [name, words] of Object.entries({ kind: desk.kind, channel: desk.channel, family: desk.family })) {
			if (fields[name]) fields[name].formatter = (value) => escape(words(value));
		}
	};

	/** The same for the filters above a list. */
	desk.show_words_in_filters = function (listview) {
		for (const [name, options] of Object.entries({ kind: desk.kind_options(), channel: desk.channel_options() })) {
			const filter = listview.page.fields_dict[name];
			if (filter) {
				filter.df.options = [{ value: "", label: "" }, ...options];
				filter.refresh();
			}
		}
	};

	/** Ask which message goes to the patient of `appointment`, and by which channel, and send it. */
	desk.send = async function (appointment) {
		const { message: offer } = await frappe.call({ method: `${API}.messages`, type: "GET", args: { appointment } });
		const dialog = new frappe.ui.Dialog({
			title: __("Send a message"),
			fields: [
				{
					fieldname: "kind",
					fieldtype: "Select",
					label: __("Message"),
					reqd: 1,
					options: desk.kind_options(offer.kinds),
				},
				{
					fieldname: "channel",
					fieldtype: "Select",
					label: __("By"),
					description: offer.channels.length ? "" : __("No channel reaches this patient: there is no contact, or none is set up."),
					options: [
						{ value: "", label: __("What the patient prefers") },
						...desk.channel_options(offer.channels),
					],
				},
				{ fieldname: "sent", fieldtype: "HTML", options: told(offer.sent) },
			],
			primary_action_label: __("Send"),
			primary_action({ kind, channel }) {
				frappe.call({
					method: `${API}.send_message`,
					args: { appointment, kind, ...(channel ? { channel } : {}) },
					freeze: true,
					callback() {
						dialog.hide();
						frappe.show_alert({ message: __("It is on its way."), indicator: "green" });
					},
				});
			},
		});
		dialog.show();
	};

	/** Which of a patient's visits it is about, then the same. */
	desk.send_to = function (patient) {
		const dialog = new frappe.ui.Dialog({
			title: __("Send a message"),
			fields: [
				{
					fieldname: "appointment",
					fieldtype: "Link",
					label: __("About"),
					options: "Clinic Appointment",
					only_select: 1,
					reqd: 1,
					get_query: () => ({ filters: { patient } }),
				},
			],
			primary_action_label: __("Next"),
			primary_action({ appointment }) {
				dialog.hide();
				desk.send(appointment);
			},
		});
		dialog.show();
	};

	/** Have a message that failed sent again. */
	desk.retry = function (message, done) {
		return frappe.call({ method: `${API}.retry_message`, args: { message }, freeze: true, callback: done });
	};

	function told(sent) {
		if (!sent.length) return `<p class="text-muted">${escape(__("Nothing has been sent yet."))}</p>`;
		const lines = sent.map(({ name, kind, channel, status, why, sent_at_utc, due_at_utc }) => {
			const at = moment.utc(sent_at_utc || due_at_utc).tz(frappe.boot.time_zone.user).format("D MMM HH:mm");
			const how = [__(status), channel && desk.channel(channel), why && __(why)].filter(Boolean).join(", ");
			return `<tr><td>${escape(at)}</td><td><a href="/app/clinic-message/${encodeURIComponent(name)}">${escape(desk.kind(kind))}</a></td><td>${escape(how)}</td></tr>`;
		});
		return `<table class="table table-sm"><tbody>${lines.join("")}</tbody></table>`;
	}
})(clinic_booking.messages_desk);
