// What the desk does in dialogs: book, walk-in, move, and why a time is not offered. Included by form, list, calendar.

frappe.provide("clinic_booking.front_desk");

(function (front_desk) {
	const API = "clinic_booking.api.desk";
	const OVERRIDABLE = ["ERR_TIME_WINDOW", "ERR_VALIDATION"];
	const LAST_DOCTOR = "clinic_booking.last_doctor";
	const DAYS_SHOWN = 7;
	const TYPING_PAUSE = 250;
	const escape = (text) => frappe.utils.escape_html(text);

	/**
	 * Call the desk's API. What staff may overrule (AV-9) they are asked about; then it goes out again with
	 * `override`. `refused` hears of everything else, and of a No; true says that it told the user.
	 */
	front_desk.call = function (method, args, done, refused = () => {}) {
		frappe.call({
			method: `${API}.${method}`,
			args,
			silent: true,
			freeze: true,
			callback: ({ message }) => done(message),
			error(response) {
				const error = (response.responseJSON || {}).error || {};
				const sentences = [error.message, ...Object.values(error.fields || {})].filter(Boolean);
				const text = sentences.map(escape).join("<br>") || __("This could not be done.");
				const may_override = ["book", "move"].includes(method) && !args.override;
				if (may_override && is_about_the_time(error)) {
					frappe.confirm(
						`${text}<br><br>${__("Do it all the same?")}`,
						() => front_desk.call(method, { ...args, override: 1 }, done, refused),
						() => refused(error)
					);
				} else if (refused(error) !== true) {
					frappe.msgprint({ message: text, indicator: "red" });
				}
			},
		});
	};

	function is_about_the_time(error) {
		const fields = Object.keys(error.fields || {});
		return OVERRIDABLE.includes(error.code) && fields.every((field) => field === "start");
	}

	/** Book for later. `given`: `{doctor, service, clinic, patient: {patient, name}, start}`, all optional. */
	front_desk.book = function (given = {}, done = open_appointment) {
		const dialog = with_offers(given, {
			title: __("Book an appointment"),
			size: "large",
			fields: [...patient_fields(), ...offer_fields(), ...time_fields()],
			primary_action_label: __("Book"),
			primary_action() {
				const start = dialog.chosen_start || typed_start(dialog);
				if (!start) return say(__("Please choose a time."));
				with_patient(dialog, (who) => {
					const args = { ...who, ...chosen_offer(dialog), start };
					const finish = (made) => {
						dialog.hide();
						done(made);
					};
					front_desk.call("book", args, finish, (error) => {
						show_times(dialog);
						return offer_squeeze_in(error, "book", args, finish);
					});
				});
			},
		});
		search_patients(dialog, given.patient);
		offer_times(dialog, given.start);
		return dialog;
	};

	/** Somebody is here: patient, and in. The doctor is the last one used, or the one the calendar shows (DY-1). */
	front_desk.walk_in = function (given = {}, done = refresh_list) {
		const dialog = with_offers(given, {
			title: __("Walk-in"),
			size: "large",
			fields: [...patient_fields(), ...offer_fields()],
			primary_action_label: __("Check In"),
			primary_action() {
				with_patient(dialog, (who) => {
					const args = { ...who, ...chosen_offer(dialog) };
					const finish = (made) => {
						dialog.hide();
						frappe.show_alert({ message: __("Checked in: {0}", [made.reference]), indicator: "green" });
						done(made);
					};
					front_desk.call("walk_in", args, finish, (error) =>
						offer_squeeze_in(error, "walk_in", args, finish)
					);
				});
			},
		});
		search_patients(dialog, given.patient);
		return dialog;
	};

	/** Move an appointment to another time, or doctor. */
	front_desk.move = function (appointment, done) {
		const { doctor, service, clinic } = appointment;
		const dialog = with_offers({ doctor, service, clinic, only_service: true }, {
			title: __("Move the appointment"),
			size: "large",
			fields: [
				...offer_fields(),
				{ fieldname: "reason_section", fieldtype: "Section Break" },
				{ fieldname: "reason", fieldtype: "Data", label: __("Reason") },
				...time_fields(),
			],
			primary_action_label: __("Move"),
			primary_action() {
				const start = dialog.chosen_start || typed_start(dialog);
				if (!start) return say(__("Please choose a time."));
				const { doctor, clinic } = chosen_offer(dialog);
				const args = { appointment: appointment.name, doctor, clinic, start };
				if (dialog.get_value("reason")) args.reason = dialog.get_value("reason");
				front_desk.call(
					"move",
					args,
					() => {
						dialog.hide();
						done();
					},
					() => show_times(dialog)
				);
			},
		});
		dialog.appointment = appointment.name;
		offer_times(dialog);
		return dialog;
	};

	// -- the patient -------------------------------------------------------------------------------

	function patient_fields() {
		return [
			{
				fieldname: "search",
				fieldtype: "Data",
				label: __("Patient"),
				description: __("Part of name, phone or birth date"),
			},
			{ fieldname: "found", fieldtype: "HTML" },
			{ fieldname: "new_section", fieldtype: "Section Break", label: __("New patient"), hidden: 1 },
			{ fieldname: "phone", fieldtype: "Data", label: __("Phone") },
			{ fieldname: "phone_column", fieldtype: "Column Break" },
			{ fieldname: "email", fieldtype: "Data", label: __("E-mail") },
			{ fieldname: "email_column", fieldtype: "Column Break" },
			{ fieldname: "birth_date", fieldtype: "Date", label: __("Birth Date") },
			{ fieldname: "what_section", fieldtype: "Section Break" },
		];
	}

	function search_patients(dialog, given) {
		const field = dialog.fields_dict.search;
		const search = frappe.utils.debounce(async () => {
			const q = field.get_input_value().trim();
			const clinic = chosen_offer(dialog).clinic;
			dialog.who = null;
			show_new_fields(dialog, false);
			if (q.length < 2) return show_found(dialog, q, { patients: [] });
			const { message } = await frappe.call({ method: `${API}.patients`, type: "GET", args: { q, clinic } });
			if (q === field.get_input_value().trim()) show_found(dialog, q, message);
		}, TYPING_PAUSE);
		field.$input.on("input", search);
		if (given) choose(dialog, { patient: given.patient }, given.name);
		else setTimeout(() => field.set_focus(), 300);
	}

	/** What was found as buttons, and one for a new patient of the name that was typed. */
	function show_found(dialog, q, { patients, elsewhere }) {
		const $found = dialog.get_field("found").$wrapper.empty().addClass("mb-3");
		for (const { patient, name, phone, birth_date } of patients) {
			const facts = [phone, birth_date && frappe.datetime.str_to_user(birth_date)].filter(Boolean);
			add_button($found, [name, ...facts].join(" · "), () => choose(dialog, { patient }, name));
		}
		const typed = taken_apart(q);
		if (typed.name.length < 2) return;
		const label = elsewhere ? __("{0}, known at another clinic") : __("New patient: {0}");
		add_button($found, label.replace("{0}", typed.name), () => {
			choose(dialog, { new_patient: typed }, typed.name);
			dialog.set_values({ phone: typed.phone, email: typed.email });
			show_new_fields(dialog, true);
		});
	}

	function choose(dialog, who, name) {
		dialog.who = who;
		dialog.get_field("search").set_input(name);
		dialog.get_field("found").$wrapper.empty();
	}

	function show_new_fields(dialog, shown) {
		dialog.set_df_property("new_section", "hidden", shown ? 0 : 1);
	}

	/** A name, and the e-mail and phone typed along with it. */
	function taken_apart(q) {
		const parts = q.split(/\s+/);
		const emails = parts.filter((part) => part.includes("@"));
		const names = parts.filter((part) => !part.includes("@") && /\p{L}/u.test(part));
		const rest = parts.filter((part) => !emails.includes(part) && !names.includes(part));
		return { name: names.join(" "), email: emails[0] || "", phone: rest.join(" ") };
	}

	function with_patient(dialog, go_on) {
		if (!dialog.who) return say(__("Please choose a patient, or the new one."));
		if (dialog.who.patient) return go_on(dialog.who);
		const { phone, email, birth_date } = dialog.get_values(true);
		const facts = Object.entries({ phone, email, birth_date }).filter(([, value]) => value);
		go_on({ new_patient: { name: dialog.who.new_patient.name, ...Object.fromEntries(facts) } });
	}

	// -- doctor, service, clinic -------------------------------------------------------------------

	function offer_fields() {
		return [
			{ fieldname: "doctor", fieldtype: "Select", label: __("Doctor"), reqd: 1 },
			{ fieldname: "doctor_column", fieldtype: "Column Break" },
			{ fieldname: "service", fieldtype: "Select", label: __("Service"), reqd: 1 },
			{ fieldname: "service_column", fieldtype: "Column Break" },
			{ fieldname: "clinic", fieldtype: "Select", label: __("Clinic"), reqd: 1 },
		];
	}

	/** A dialog whose selects hold what can be booked, with what is given or was used last chosen. */
	function with_offers(given, options) {
		const dialog = new frappe.ui.Dialog(options);
		const choice = async (fieldname, rows, value, label, wanted) => {
			const values = rows.map((row) => ({ value: row[value], label: row[label] }));
			dialog.set_df_property(fieldname, "options", values);
			const known = values.find((each) => each.value === wanted) || values[0];
			await dialog.set_value(fieldname, known ? known.value : "");
			return rows.find((row) => known && row[value] === known.value);
		};
		const fill = async (wanted) => {
			const doctor = await choice("doctor", dialog.offers, "doctor", "name", wanted.doctor);
			const service = await choice("service", doctor ? doctor.services : [], "service", "title", wanted.service);
			await choice("clinic", service ? service.clinics : [], "clinic", "title", wanted.clinic);
			if (dialog.get_field("times")) show_times(dialog);
		};
		for (const fieldname of ["doctor", "service", "clinic"]) {
			// Not `change`: filling the selects would call it, too.
			dialog.fields_dict[fieldname].$input.on("change", () => {
				const chosen = (name) => dialog.fields_dict[name].$input.val();
				const [doctor, service, clinic] = ["doctor", "service", "clinic"].map(chosen);
				localStorage.setItem(LAST_DOCTOR, doctor);
				fill({ doctor, service, clinic });
			});
		}
		dialog.show();
		dialog.ready = frappe.call({ method: `${API}.offers`, type: "GET" }).then(({ message }) => {
			const is_offered = ({ service }) => !given.only_service || service === given.service;
			dialog.offers = message
				.map((offer) => ({ ...offer, services: offer.services.filter(is_offered) }))
				.filter((offer) => offer.services.length);
			fill({ ...given, doctor: given.doctor || localStorage.getItem(LAST_DOCTOR) });
		});
		return dialog;
	}

	function chosen_offer(dialog) {
		const { doctor, service, clinic } = dialog.get_values(true);
		return { doctor, service, clinic };
	}

	function zone_of(dialog) {
		const { doctor, service, clinic } = chosen_offer(dialog);
		const offer = dialog.offers.find((each) => each.doctor === doctor);
		const given = offer && offer.services.find((each) => each.service === service);
		return given.clinics.find((each) => each.clinic === clinic).timezone;
	}

	// -- the time ----------------------------------------------------------------------------------

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
		const lines = [offered ? __("It is offered.") : text];
		if (claim && claim.reference) {
			const label = __("Open the appointment");
			lines.push(frappe.utils.get_form_link("Clinic Appointment", claim.reference, true, label));
		}
		const message_html = [escape(lines[0]), ...lines.slice(1)].join("<br>");
		frappe.msgprint({ title: __("Why is it not offered?"), message: message_html });
	}

	/** A taken time: whoever may (the server knows) puts a second patient there, for a reason. */
	function offer_squeeze_in(error, method, args, done) {
		const may = frappe.user.has_role(["Clinic Doctor", "Clinic Manager", "System Manager"]);
		if (error.code !== "ERR_SLOT_CONFLICT" || !may) return false;
		frappe.prompt(
			[
				{ fieldname: "taken", fieldtype: "HTML", options: `<p>${__("This time is taken.")}</p>` },
				{ fieldname: "reason", fieldtype: "Data", label: __("Reason"), reqd: 1 },
			],
			({ reason }) => front_desk.call(method, { ...args, squeeze_in: 1, reason }, done),
			__("Squeeze in a second patient?"),
			__("Squeeze In")
		);
		return true;
	}

	// -- parts -------------------------------------------------------------------------------------

	function add_button($parent, label, click) {
		return $("<button type='button' class='btn btn-default btn-sm mr-1 mb-1'>")
			.text(label)
			.on("click", click)
			.appendTo($parent);
	}

	function say(message) {
		frappe.show_alert({ message, indicator: "orange" });
	}

	function open_appointment(made) {
		frappe.set_route("Form", "Clinic Appointment", made.appointment);
	}

	function refresh_list() {
		if (cur_list && cur_list.doctype === "Clinic Appointment") cur_list.refresh();
	}
})(clinic_booking.front_desk);
