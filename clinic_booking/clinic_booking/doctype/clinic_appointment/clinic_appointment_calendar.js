// The desk's calendar: a doctor's colour for each appointment, requests hatched, dragging to move.

const MOVABLE = ["Requested", "Confirmed"];

frappe.views.calendar["Clinic Appointment"] = {
	field_map: {
		id: "name",
		start: "start",
		end: "end",
		title: "title",
		// No such field: with a name here, Frappe takes an event without it for one of whole days.
		allDay: "",
	},
	get_events_method: "clinic_booking.api.desk.events",

	get_args(start, end) {
		const args = { start: to_instant(start), end: to_instant(end) };
		for (const [, field, operator, value] of this.list_view.filter_area.get()) {
			if (["doctor", "clinic"].includes(field) && operator === "=") args[field] = value;
			if (field === "status" && ["=", "in"].includes(operator)) args.states = [].concat(value);
		}
		return args;
	},

	prepare_colors(event) {
		const color = frappe.ui.color.validate_hex(event.color) ? event.color : "#2490ef";
		event.editable = event.editable && MOVABLE.includes(event.status);
		event.borderColor = color;
		if (event.status === "Requested") {
			event.backgroundColor = "#ffffff";
			event.textColor = "#1f272e";
		} else {
			event.backgroundColor = color;
			event.textColor = frappe.ui.color.brightness(color) > 140 ? "#1f272e" : "#ffffff";
		}
		event.tooltip = [event.title, __(event.status), event.doctor, event.room, event.local]
			.filter(Boolean)
			.join("\n");
		// The calendar has the user's clock; whose clinic has another is told with it.
		if (!event.local.endsWith(` ${frappe.boot.time_zone.user}`)) event.title += ` · ${event.local}`;
		return event;
	},

	update_event(event, revert) {
		const args = { appointment: event.name, start: to_instant(event.start) };
		clinic_booking.front_desk.call("move", args, () => cur_list.calendar.refresh(), revert);
	},

	options: {
		defaultView: localStorage.getItem("cal_defaultView") || "agendaWeek",
		allDaySlot: false,
		allDayDefault: false,
		slotDuration: "00:30:00",
		snapDuration: "00:15:00",
		/** The day from its morning; at night what is going on now. */
		get scrollTime() {
			const hour = moment().tz(frappe.boot.time_zone.user).hour();
			return moment.duration(hour < 8 || hour >= 20 ? hour : 8, "hours");
		},
		firstDay: frappe.datetime.get_first_day_of_the_week_index(),
		timeFormat: "HH:mm",
		slotLabelFormat: "HH:mm",
		views: { week: { columnHeaderFormat: "ddd D MMM" } },
		eventDurationEditable: false,

		eventRender(event, element) {
			element.attr("title", event.tooltip);
			if (event.status === "Requested") {
				element.css({
					border: `1px dashed ${event.borderColor}`,
					"background-image": `repeating-linear-gradient(
						45deg, transparent 0 6px, ${event.borderColor}33 6px 9px
					)`,
				});
			}
		},

		select(start, end, js_event, view) {
			if (view.name === "month") return;
			at_empty_time(to_instant(start), to_instant(end));
		},
	},
};

/** FullCalendar's moments have no zone: what they show is the user's wall clock. */
function to_instant(moment_there) {
	const wall = moment_there.clone().locale("en").format("YYYY-MM-DD HH:mm:ss");
	return moment.tz(wall, frappe.boot.time_zone.user).toISOString();
}

/** An empty time was clicked: book it, or open or close it for the doctor (UI-2, DY-4). */
function at_empty_time(start, end) {
	const shown = cur_list.calendar.get_args(moment(), moment()).doctor;
	const dialog = new frappe.ui.Dialog({
		title: `${on_users_clock(start).format("ddd D MMM HH:mm")}–${on_users_clock(end).format("HH:mm")}`,
		fields: [{ fieldname: "doctor", fieldtype: "Link", options: "Doctor", label: __("Doctor"), default: shown }],
		primary_action_label: __("Book"),
		primary_action({ doctor }) {
			dialog.hide();
			clinic_booking.front_desk.book({ doctor, start }, show_in_calendar);
		},
	});
	for (const [kind, label] of [
		["Open", __("Extra Hours")],
		["Closed", __("Close This Time")],
	]) {
		dialog.add_custom_action(label, () => {
			dialog.hide();
			new_exception(kind, dialog.get_value("doctor"), start, end);
		});
	}
	dialog.show();
}

/** What was booked a moment ago, in sight. */
function show_in_calendar({ start }) {
	cur_list.calendar.$cal.fullCalendar("gotoDate", on_users_clock(start).format("YYYY-MM-DD"));
	cur_list.calendar.refresh();
}

function on_users_clock(instant) {
	return moment(instant).tz(frappe.boot.time_zone.user);
}

/** A new exception for this time, on the clock of the doctor's clinic; without a doctor on the user's. */
async function new_exception(kind, doctor, start, end) {
	let clinic = null;
	let timezone = frappe.boot.time_zone.user;
	if (doctor) {
		const { clinics } = await frappe.db.get_doc("Doctor", doctor);
		clinic = clinics[0].clinic;
		timezone = (await frappe.db.get_value("Clinic", clinic, "timezone")).message.timezone;
	}
	const [from, to] = [start, end].map((instant) => moment(instant).tz(timezone));
	frappe.new_doc("Availability Exception", {
		kind,
		doctor,
		clinic,
		all_day: 0,
		from_date: from.format("YYYY-MM-DD"),
		to_date: from.format("YYYY-MM-DD"),
		start_time: from.format("HH:mm:ss"),
		end_time: to.format("HH:mm:ss"),
	});
}
