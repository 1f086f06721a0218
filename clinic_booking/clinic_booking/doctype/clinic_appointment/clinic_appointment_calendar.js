// The desk's calendar: a doctor's colour for each appointment, requests hatched, dragging to move.

const MOVABLE = ["Requested", "Confirmed"];
const OVERRIDABLE = ["ERR_TIME_WINDOW", "ERR_VALIDATION"];

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
		return event;
	},

	update_event(event, revert) {
		move(event.name, to_instant(event.start), false, revert);
	},

	options: {
		defaultView: localStorage.getItem("cal_defaultView") || "agendaWeek",
		allDaySlot: false,
		allDayDefault: false,
		slotDuration: "00:30:00",
		snapDuration: "00:15:00",
		scrollTime: "08:00:00",
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
			frappe.new_doc("Clinic Appointment", {
				starts_at: cur_list.calendar.get_system_datetime(start),
			});
		},
	},
};

/** FullCalendar's moments have no zone: what they show is the user's wall clock. */
function to_instant(moment_there) {
	const wall = moment_there.clone().locale("en").format("YYYY-MM-DD HH:mm:ss");
	return moment.tz(wall, frappe.boot.time_zone.user).toISOString();
}

/** Move an appointment; what the desk may overrule (hours, notice, grid) is asked, a taken time is not. */
function move(appointment, start, override, revert) {
	frappe.call({
		method: "clinic_booking.api.desk.move",
		args: { appointment, start, override },
		silent: true,
		callback: () => cur_list.calendar.refresh(),
		error: (response) => {
			const error = (response.responseJSON || {}).error || {};
			const sentences = [error.message, ...Object.values(error.fields || {})].filter(Boolean);
			const text = sentences.map((sentence) => frappe.utils.escape_html(sentence)).join("<br>");
			if (!override && OVERRIDABLE.includes(error.code)) {
				frappe.confirm(
					`${text}<br><br>${__("Move it all the same?")}`,
					() => move(appointment, start, true, revert),
					revert
				);
			} else {
				const message = text || __("The appointment could not be moved.");
				frappe.msgprint({ message, indicator: "red" });
				revert();
			}
		},
	});
}
