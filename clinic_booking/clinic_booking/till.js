// Money at the desk: taken, and given back. Included by the appointment's form.

frappe.provide("clinic_booking.till");

(function (till) {
	const API = "clinic_booking.api.desk";
	const CASHIERS = ["Clinic Manager", "Clinic Receptionist", "System Manager"];
	const OWING = ["Unpaid", "Partly Paid"];
	// Of these only the server knows whether something is open.
	const GIVEN_BACK = ["Partly Refunded", "Refunded"];
	const NOTHING_PAID = ["Not Required", "Unpaid"];

	till.add_buttons = function (frm) {
		if (!frappe.user.has_role(CASHIERS)) return;
		const { payment_status, refund, status } = frm.doc;
		const is_owed = OWING.includes(payment_status);
		const may_be_owed = GIVEN_BACK.includes(payment_status) && status !== "Cancelled";
		if (is_owed || may_be_owed) frm.add_custom_button(__("Take Payment"), () => take(frm));
		if (is_owed && frm.doc.payment_method === "bank_transfer") expect_transfer(frm);
		if (refund || !NOTHING_PAID.includes(payment_status)) {
			frm.add_custom_button(__("Refund"), () => give_back(frm));
		}
		if (payment_status !== "Not Required") {
			frm.add_custom_button(__("Invoice PDF"), () => open_paper(frm, "invoice"), __("Papers"));
			frm.add_custom_button(__("Receipt PDF"), () => open_paper(frm, "receipt"), __("Papers"));
		}
	};

	function expect_transfer(frm) {
		const { reference, price, paid, currency } = frm.doc;
		const amount = Number((price - paid).toFixed(3));
		clinic_booking.transfers.add_button(frm, { reference, amount, currency });
	}

	/** A PDF in a tab of its own (PY-6); what there is none of yet is said here. */
	async function open_paper(frm, document) {
		const address = `/api/method/${API}.paper?${new URLSearchParams({ appointment: frm.doc.name, document })}`;
		const answer = await fetch(address, { method: "HEAD" });
		if (answer.ok) return window.open(address);
		frappe.show_alert({
			message: document === "invoice" ? __("There is no invoice for this yet.") : __("Nothing has been paid for this yet."),
			indicator: "orange",
		});
	}

	/** Cash or card (PY-4): all that is open, or a part of it. */
	async function take(frm) {
		const { open, modes } = await standing(frm);
		if (!Number(open.amount)) {
			frappe.msgprint(__("Nothing is open: the invoice is paid, or not made yet."));
			return;
		}
		ask(frm, {
			title: __("Take Payment"),
			method: "take_payment",
			way: { fieldname: "mode_of_payment", label: __("Mode of Payment"), options: modes },
			money: open,
			args: { open: open.amount },
		});
	}

	/** Out of the till or the way it was paid (PY-5): all that is left, or a part of it. */
	async function give_back(frm) {
		const { refundable, ways } = await standing(frm);
		if (!Number(refundable.amount)) {
			frappe.msgprint(__("Nothing is left to give back."));
			return;
		}
		ask(frm, {
			title: __("Refund"),
			method: "refund",
			way: { fieldname: "way", label: __("Given Back By"), options: ways },
			money: refundable,
			args: { refundable: refundable.amount },
		});
	}

	async function standing(frm) {
		const { message } = await frappe.call({
			method: `${API}.payment`,
			type: "GET",
			args: { appointment: frm.doc.name },
		});
		return message;
	}

	function ask(frm, { title, method, way, money, args = {} }) {
		const dialog = new frappe.ui.Dialog({
			title,
			fields: [
				{
					...way,
					fieldtype: "Select",
					default: way.options.includes("Cash") ? "Cash" : way.options[0],
					reqd: 1,
				},
				{
					fieldname: "amount",
					fieldtype: "Data",
					label: `${__("Amount")} (${money.currency})`,
					default: money.amount,
					reqd: 1,
				},
			],
			primary_action_label: title,
			async primary_action(values) {
				await frappe.call({
					method: `${API}.${method}`,
					args: { appointment: frm.doc.name, ...args, ...values },
					freeze: true,
					btn: dialog.get_primary_btn(),
				});
				dialog.hide();
				frm.reload_doc();
			},
		});
		dialog.show();
	}
})(clinic_booking.till);
