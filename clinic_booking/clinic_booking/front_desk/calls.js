// The desk's API, and what staff are asked and told on the way.

(function (front_desk) {
	const API = "clinic_booking.api.desk";
	const OVERRIDABLE = ["ERR_TIME_WINDOW", "ERR_VALIDATION"];
	const escape = (text) => frappe.utils.escape_html(text);

	/**
	 * Call the desk's API. What staff may overrule (AV-9) they are asked about, every rule of it; then it goes out
	 * again with `override`. `refused` hears of everything else, and of a No; true says that it told the user.
	 */
	function call(method, args, done, refused = () => {}) {
		frappe.call({
			method: `${API}.${method}`,
			args,
			silent: true,
			freeze: true,
			callback: ({ message }) => done(message),
			error(response) {
				const error = (response.responseJSON || {}).error || {};
				const text = sentences_of(error).map(escape).join("<br>") || __("This could not be done.");
				const may_override = ["book", "move"].includes(method) && !args.override;
				if (may_override && is_about_the_time(error)) {
					frappe.confirm(
						`${text}<br><br>${__("Do it all the same?")}`,
						() => call(method, { ...args, override: 1 }, done, refused),
						() => refused(error)
					);
				} else if (refused(error) !== true) {
					frappe.msgprint({ message: text, indicator: "red" });
				}
			},
		});
	}

	function sentences_of(error) {
		if ((error.rules || []).length) return error.rules;
		return [error.message, ...Object.values(error.fields || {})].filter(Boolean);
	}

	function is_about_the_time(error) {
		const fields = Object.keys(error.fields || {});
		return OVERRIDABLE.includes(error.code) && fields.every((field) => field === "start");
	}

	function may_squeeze_in() {
		return frappe.user.has_role(["Clinic Doctor", "Clinic Manager", "System Manager"]);
	}

	/** A taken time: whoever may (the server knows) puts a second patient there, for a reason. */
	function offer_squeeze_in(error, method, args, done) {
		if (error.code !== "ERR_SLOT_CONFLICT" || !may_squeeze_in()) return false;
		frappe.prompt(
			[
				{ fieldname: "taken", fieldtype: "HTML", options: `<p>${__("This time is taken.")}</p>` },
				{ fieldname: "reason", fieldtype: "Data", label: __("Reason"), reqd: 1 },
			],
			({ reason }) => call(method, { ...args, squeeze_in: 1, reason }, done),
			__("Squeeze in a second patient?"),
			__("Squeeze In")
		);
		return true;
	}

	/** "Booked: ABC123, Mon 2 Mar 09:30", and what was overridden for it. */
	function tell(label, made) {
		const when = `${moment.parseZone(made.start).format("ddd D MMM HH:mm")}`;
		const lines = [`${label}: ${made.reference}, ${when}`, ...made.overridden];
		const indicator = made.overridden.length ? "orange" : "green";
		frappe.show_alert({ message: lines.map(escape).join("<br>"), indicator }, 7);
	}

	function add_button($parent, label, click) {
		return $("<button type='button' class='btn btn-default btn-sm mr-1 mb-1'>")
			.text(label)
			.on("click", click)
			.appendTo($parent);
	}

	function say(message) {
		frappe.show_alert({ message, indicator: "orange" });
	}

	Object.assign(front_desk, { API, add_button, call, escape, may_squeeze_in, offer_squeeze_in, say, tell });
})(clinic_booking.front_desk);
