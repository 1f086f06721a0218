// Somebody is here (DY-1): the doctor who has time now or soonest; a busy one's next times.

(function (front_desk) {
	const { API, add_button, call, chosen_offer, tell } = front_desk;

	/** Patient, and in. The doctor is the one whom the calendar shows, else who has time first. */
	front_desk.walk_in = async function (given = {}, done = refresh_list) {
		const { message: doctors } = await frappe.call({ method: `${API}.walk_in_times`, type: "GET" });
		const soonest = doctors.find(({ starts }) => starts.length);
		const { doctor, service, clinic } = given.doctor ? given : { ...soonest, ...given };
		const dialog = front_desk.with_offers({ doctor, service, clinic }, {
			title: __("Walk-in"),
			size: "large",
			fields: [...front_desk.patient_fields(), ...front_desk.offer_fields()],
			primary_action_label: __("Check In"),
			primary_action() {
				front_desk.with_patient(dialog, (who) => check_in({ ...who, ...chosen_offer(dialog) }));
			},
		});
		const check_in = (args) => call("walk_in", args, finish, (error) => refused(error, args));
		const finish = (made) => {
			dialog.hide();
			tell(__("Checked in"), made);
			done(made);
		};
		const refused = (error, args) => {
			const squeeze_in = () => front_desk.offer_squeeze_in(error, "walk_in", args, finish);
			return offer_next_times(error, (start) => check_in({ ...args, start }), squeeze_in) || squeeze_in();
		};
		front_desk.search_patients(dialog, given.patient);
		return dialog;
	};

	/** The doctor is busy: later today, with the patient here and waiting; or squeezed in by whoever may. */
	function offer_next_times(error, take, squeeze_in) {
		const times = error.alternatives || [];
		if (error.code !== "ERR_SLOT_CONFLICT" || !times.length) return false;
		const dialog = new frappe.ui.Dialog({
			title: __("This time is taken."),
			fields: [{ fieldname: "times", fieldtype: "HTML" }],
		});
		const $times = dialog.get_field("times").$wrapper;
		$("<p>").text(__("The doctor's next times, with the patient checked in:")).appendTo($times);
		for (const { start } of times) {
			add_button($times, start.slice(11, 16), () => {
				dialog.hide();
				take(start);
			}).attr("data-start", start);
		}
		if (front_desk.may_squeeze_in()) {
			dialog.set_secondary_action_label(__("Squeeze In"));
			dialog.set_secondary_action(() => {
				dialog.hide();
				squeeze_in();
			});
		}
		dialog.show();
		return true;
	}

	function refresh_list() {
		if (cur_list && cur_list.doctype === "Clinic Appointment") cur_list.refresh();
	}
})(clinic_booking.front_desk);
