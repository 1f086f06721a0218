// Bookings of an older system: a file, a dry run with what is wrong line by line, then in earnest (BK-10).

frappe.provide("clinic_booking");

clinic_booking.import_bookings = function () {
	const dialog = new frappe.ui.Dialog({
		title: __("Import bookings of an older system"),
		size: "large",
		fields: [
			{
				fieldname: "clinic",
				fieldtype: "Link",
				options: "Clinic",
				label: __("Clinic"),
				reqd: 1,
			},
			{
				fieldname: "file_url",
				fieldtype: "Attach",
				label: __("CSV file, in UTF-8"),
				reqd: 1,
				description: "id, patient_id, patient_name, phone, email, birth_date, doctor, service, start",
			},
			{ fieldname: "report", fieldtype: "HTML" },
		],
		primary_action_label: __("Try It Out"),
		primary_action: (values) => run(values, 1),
		secondary_action_label: __("Import"),
		secondary_action() {
			const values = dialog.get_values();
			if (values) run(values, 0);
		},
	});
	dialog.show();

	async function run({ clinic, file_url }, dry_run) {
		const { message } = await frappe.db.get_value("File", { file_url }, "name");
		const args = { clinic, file: message.name, dry_run };
		const answer = await frappe.call({ method: "clinic_booking.api.imports.bookings", args, freeze: true });
		show(answer.message, dry_run);
		if (!dry_run) cur_list.refresh();
	}

	function show({ lines, imported, unchanged, failed, errors, outside }, dry_run) {
		const counts = dry_run
			? __("{0} lines: {1} can be imported, {2} are here already, {3} have errors.")
			: __("{0} lines: {1} imported, {2} were here already, {3} had errors.");
		const $report = dialog.get_field("report").$wrapper.empty();
		const numbers = [lines, imported, unchanged, failed];
		$("<p>").text(counts.replace(/\{(\d)\}/g, (_whole, n) => numbers[n])).appendTo($report);
		if (errors.length) {
			const rows = errors.map(({ line, column, error }) => [line, column, error]);
			add_table($report, [__("Line"), __("Column"), __("Error")], rows);
		}
		if (outside.length) {
			const rows = outside.map(({ line, rules }) => [line, rules.join(" ")]);
			add_table($report, [__("Line"), __("Imported, though patients could not book it so")], rows);
		}
	}

	function add_table($report, head, rows) {
		const $table = $("<table class='table table-bordered small'>").appendTo($report);
		const add_row = (tag, cells) =>
			$("<tr>")
				.append(cells.map((cell) => $(`<${tag}>`).text(cell)))
				.appendTo($table);
		add_row("th", head);
		for (const cells of rows) add_row("td", cells);
	}
};
