// A bank transfer that the clinic's bank has: what waited for it is booked. Included by the forms that may wait.

frappe.provide("clinic_booking.transfers");

/** `reference` is the booking's, `amount` what it is expected to be. */
clinic_booking.transfers.add_button = function (frm, { reference, amount, currency }) {
	if (!frappe.user.has_role(["Clinic Manager", "Clinic Receptionist", "System Manager"])) return;
	const confirm = async (values) => {
		const { message } = await frappe.call({
			method: "clinic_booking.api.desk.confirm_transfer",
			args: { reference, ...values },
			freeze: true,
		});
		if (message.problem) {
			frappe.msgprint(__("It does not count and is to be sent back: see the alert."));
		}
		frm.reload_doc();
	};
	frm.add_custom_button(__("Confirm Transfer"), () =>
		frappe.prompt(
			[
				{
					fieldname: "amount",
					fieldtype: "Data",
					label: `${__("Amount Received")} (${currency})`,
					default: amount,
					reqd: 1,
				},
				{ fieldname: "bank_reference", fieldtype: "Data", label: __("The Bank's Reference") },
			],
			({ amount, bank_reference }) => confirm({ amount, ...(bank_reference && { bank_reference }) }),
			__("Confirm Transfer"),
			__("Confirm")
		)
	);
};
