/**
 * Starts the modules that a page asks for by `data-module`.
 */

import { Booking } from "./booking.js";
import { ChosenTime } from "./chosen-time.js";
import { VisitorZone } from "./visitor-zone.js";

const MODULES = {
	"clinic-booking": Booking,
	"clinic-chosen-time": ChosenTime,
	"clinic-visitor-zone": VisitorZone,
};

for (const root of document.querySelectorAll("[data-module]")) {
	const Module = MODULES[root.dataset.module];
	if (Module) {
		new Module(root).start();
	}
}
