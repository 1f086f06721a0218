// Doctor, service and clinic in a dialog of the desk: what can be booked.

(function (front_desk) {
	const { API } = front_desk;
	const LAST_DOCTOR = "clinic_booking.last_doctor";

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
			if (dialog.get_field("times")) front_desk.show_times(dialog);
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

	Object.assign(front_desk, { offer_fields, with_offers, chosen_offer, zone_of });
})(clinic_booking.front_desk);
