// The time in a dialog of the desk: free ones as buttons, any other typed, and why one is not offered (AV-14).

(function (front_desk) {
	const { API, add_button, chosen_offer, escape, say, zone_of } = front_desk;
	const DAYS_SHOWN = 7;

	function time_fields() {
		return [
			{ fieldname: "time_section", fieldtype: "Section Break" },
			{ fieldname: "from_date", fieldtype: "Date", label: __("From"), default: "Today" },
			{ fieldname: "times", fieldtype: "HTML" },
			{ fieldname: "other_section", fieldtype: "Section Break", label: __("Another time"), collapsible: 1 },
			{ fieldname: "other", fieldtype: "Datetime", label: __("Start") },
			{ fieldname: "why", fieldtype: "Button", label: __("Why Is It Not Offered?") },
		];
	}

	function offer_times(dialog, start) {
		if (start) {
			const there = moment(start).tz(frappe.boot.time_zone.system);
			dialog.set_value("from_date", there.format("YYYY-MM-DD"));
			dialog.set_value("other", there.format("YYYY-MM-DD HH:mm:ss"));
		}
		dialog.fields_dict.from_date.df.change = () => dialog.offers && show_times(dialog);
		dialog.fields_dict.other.df.change = () => (dialog.chosen_start = null);
		dialog.fields_dict.why.df.click = () => tell_why(dialog);
	}

	/** The free times of a week as buttons, day by day, in the clinic's zone. */
	async function show_times(dialog) {
		const $times = dialog.get_field("times").$wrapper;
		const { doctor, service, clinic } = chosen_offer(dialog);
		if (!clinic) return $times.empty();
		const from_date = dialog.get_value("from_date") || frappe.datetime.get_today();
		const to_date = frappe.datetime.add_days(from_date, DAYS_SHOWN - 1);
		const args = { doctor, service, clinic, from_date, to_date };
		if (dialog.appointment) args.appointment = dialog.appointment;
		dialog.chosen_start = null;
		const { message } = await frappe.call({ method: `${API}.times`, type: "GET", args });
		$times.empty();
		const wanted = Date.parse(typed_start(dialog));
		for (const { date, slots } of message.days.filter((day) => day.slots.length)) {
			const $day = $("<div class='mb-2'>").appendTo($times);
			$("<div class='text-muted small'>").text(moment(date).format("ddd D MMM")).appendTo($day);
			for (const { start } of slots) {
				const $time = add_button($day, start.slice(11, 16), () => {
					dialog.chosen_start = start;
					$times.find(".btn-primary").removeClass("btn-primary").addClass("btn-default");
					$time.removeClass("btn-default").addClass("btn-primary");
				});
				$time.attr("data-start", start);
				if (Date.parse(start) === wanted) $time.click();
			}
		}
		if (!$times.children().length) $times.append(nothing_free(dialog, message.next_free));
		$("<div class='text-muted small'>").text(zone_of(dialog)).appendTo($times);
	}

	function nothing_free(dialog, next_free) {
		const $text = $("<p class='text-muted'>").text(__("Nothing is free in these days."));
		if (next_free) {
			const date = next_free.start.slice(0, 10);
			add_button($text.append(" "), __("Next: {0}", [frappe.datetime.str_to_user(date)]), () => {
				dialog.set_value("from_date", date);
			});
		}
		return $text;
	}

	/** The instant of the field "another time", which Frappe keeps in the site's zone. */
	function typed_start(dialog) {
		const typed = dialog.get_value("other");
		return typed && moment.tz(typed, frappe.boot.time_zone.system).toISOString();
	}

	async function tell_why(dialog) {
		const start = typed_start(dialog);
		if (!start) return say(__("Please give the time."));
		const args = { ...chosen_offer(dialog), start };
		const { message } = await frappe.call({ method: `${API}.why`, type: "GET", args });
		const { offered, text, claim } = message;
		const lines = [escape(offered ? __("It is offered.") : text)];
		if (claim && claim.patient) {
			const clock = (instant) => moment(instant).tz(zone_of(dialog)).format("HH:mm");
			const label = `${claim.patient}, ${clock(claim.start)}–${clock(claim.end)}`;
			lines.push(frappe.utils.get_form_link("Clinic Appointment", claim.reference, true, escape(label)));
		}
		const message_html = lines.join("<br>");
		frappe.msgprint({ title: __("Why is it not offered?"), message: message_html });
	}

	Object.assign(front_desk, { time_fields, offer_times, show_times, typed_start });
})(clinic_booking.front_desk);
