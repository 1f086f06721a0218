// The patient in a dialog of the desk: found in one box, or new (PT-6).

(function (front_desk) {
	const { API, add_button, say } = front_desk;
	const TYPING_PAUSE = 250;

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
			const { clinic } = front_desk.chosen_offer(dialog);
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

	Object.assign(front_desk, { patient_fields, search_patients, with_patient });
})(clinic_booking.front_desk);
