// What the desk does in dialogs: book, walk-in, move. Included by forms, list and calendar.

frappe.provide("clinic_booking.front_desk");

{% include "clinic_booking/clinic_booking/front_desk/calls.js" %}
{% include "clinic_booking/clinic_booking/front_desk/patient.js" %}
{% include "clinic_booking/clinic_booking/front_desk/offer.js" %}
{% include "clinic_booking/clinic_booking/front_desk/time.js" %}
{% include "clinic_booking/clinic_booking/front_desk/walk_in.js" %}

(function (front_desk) {
	const { chosen_offer, say, show_times, tell, typed_start } = front_desk;

	/** Book for later. `given`: `{doctor, service, clinic, patient: {patient, name}, start}`, all optional. */
	front_desk.book = function (given = {}, done = open_appointment) {
		const dialog = front_desk.with_offers(given, {
			title: __("Book an appointment"),
			size: "large",
			fields: [...front_desk.patient_fields(), ...front_desk.offer_fields(), ...front_desk.time_fields()],
			primary_action_label: __("Book"),
			primary_action() {
				const start = dialog.chosen_start || typed_start(dialog);
				if (!start) return say(__("Please choose a time."));
				front_desk.with_patient(dialog, (who) => {
					const args = { ...who, ...chosen_offer(dialog), start };
					const finish = (made) => {
						dialog.hide();
						tell(__("Booked"), made);
						done(made);
					};
					front_desk.call("book", args, finish, (error) => {
						show_times(dialog);
						return front_desk.offer_squeeze_in(error, "book", args, finish);
					});
				});
			},
		});
		front_desk.search_patients(dialog, given.patient);
		front_desk.offer_times(dialog, given.start);
		return dialog;
	};

	/** Move an appointment to another time, or doctor. */
	front_desk.move = function (appointment, done) {
		const { doctor, service, clinic } = appointment;
		const dialog = front_desk.with_offers({ doctor, service, clinic, only_service: true }, {
			title: __("Move the appointment"),
			size: "large",
			fields: [
				...front_desk.offer_fields(),
				{ fieldname: "reason_section", fieldtype: "Section Break" },
				{ fieldname: "reason", fieldtype: "Data", label: __("Reason") },
				...front_desk.time_fields(),
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
					(made) => {
						dialog.hide();
						tell(__("Moved"), made);
						done();
					},
					() => show_times(dialog)
				);
			},
		});
		dialog.appointment = appointment.name;
		front_desk.offer_times(dialog);
		return dialog;
	};

	function open_appointment(made) {
		frappe.set_route("Form", "Clinic Appointment", made.appointment);
	}
})(clinic_booking.front_desk);
