{% include "clinic_booking/clinic_booking/front_desk.js" %}
{% include "clinic_booking/clinic_booking/import_bookings.js" %}
{% include "clinic_booking/clinic_booking/clinic_clock.js" %}

const LIVE = ["Requested", "Confirmed", "Checked In"];
// Patient, tags, status, start, doctor, service, clinic.
const COLUMNS = 7;
const FROM = "clinic_booking.list_from";

frappe.listview_settings["Clinic Appointment"] = {
	hide_name_column: true,
	hide_name_filter: true,
	add_fields: ["squeeze_in", "doctor_name", "starts_at_utc", "approved_at_utc"],

	/** Of a request, the form's too; the other states have their colours in the DocType. */
	get_indicator: ({ approved_at_utc }) =>
		approved_at_utc
			? [__("Approved"), "orange", "status,=,Requested|approved_at_utc,is,set"]
			: [__("Requested"), "yellow", "status,=,Requested|approved_at_utc,is,not set"],

	/** The list begins today, nearest first; the calendar has dates of its own, and shows what is over, too. */
	get filters() {
		if (frappe.get_route()[2] === "Calendar") return [];
		const today = frappe.datetime.get_today();
		localStorage.setItem(FROM, today);
		return [
			["status", "in", LIVE],
			["starts_at", ">=", today],
		];
	},

	formatters: {
		// Text, not HTML: Frappe sets the title as such.
		patient_name: (name, _df, { squeeze_in }) => (squeeze_in ? `${name} (${__("squeezed in")})` : name),
		starts_at: (_start, _df, { starts_at_utc, clinic }) => clinic_booking.clinic_clock.time(starts_at_utc, clinic),
	},

	primary_action: () => clinic_booking.front_desk.book(shown_in_list(), () => cur_list.refresh()),

	/** Not before: filters of an address come late. */
	refresh: begin_today,

	onload(listview) {
		show_every_column(listview);
		clinic_booking.clinic_clock.learn(listview);
		if (!frappe.user.has_role(["Clinic Manager", "System Manager"])) return;
		listview.page.add_menu_item(__("Import from an Older System"), clinic_booking.import_bookings);
	},

	/** Runs for the calendar, too, which has no other hook. */
	before_render() {
		if (cur_list.walk_in_button) return;
		if (cur_list.view_name === "Calendar") follow_changes(cur_list);
		cur_list.walk_in_button = cur_list.page.add_inner_button(__("Walk-in"), () =>
			clinic_booking.front_desk.walk_in(shown_in_list())
		);
	},
};

/** Frappe keeps filters as they were: the day that was today when the list was left is today's again. */
function begin_today(listview) {
	const today = frappe.datetime.get_today();
	const kept = listview.filter_area.get().find(([, field, operator]) => field === "starts_at" && operator === ">=");
	// A Datetime is filtered by an hour, too.
	const from = kept && kept[3].slice(0, 10);
	if (!from || from === today || from !== localStorage.getItem(FROM)) return;
	localStorage.setItem(FROM, today);
	listview.filter_area.remove("starts_at").then(() => {
		listview.filter_area.add([[listview.doctype, "starts_at", ">=", today]]);
	});
}

/** On a laptop Frappe shows four columns, of which doctor and clinic are none. */
function show_every_column(listview) {
	listview.list_view_settings.total_fields ||= COLUMNS;
	listview.setup_columns();
	listview.render_header(true);
}

/** Frappe's calendar takes itself for a list, and would write rows that it doesn't have when something changes. */
function follow_changes(view) {
	view.debounced_refresh = frappe.utils.debounce(() => {
		view.pending_document_refreshes = [];
		if (view.calendar) view.calendar.refresh();
	}, 2000);
}

/** The doctor and clinic that the list or calendar is filtered by. */
function shown_in_list() {
	const shown = {};
	for (const [, field, operator, value] of cur_list.filter_area.get()) {
		if (["doctor", "clinic"].includes(field) && operator === "=") shown[field] = value;
	}
	return shown;
}
