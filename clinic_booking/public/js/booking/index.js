/**
 * Starts the modules that a page asks for by `data-module`, and fetches no others.
 */

const MODULES = {
	"clinic-booking": async () => (await import("./booking.js")).Booking,
	"clinic-change": async () => (await import("./change.js")).Change,
	"clinic-chosen-time": async () => (await import("./chosen-time.js")).ChosenTime,
	"clinic-copy": async () => (await import("./copy.js")).Copy,
	"clinic-messages": async () => (await import("./messages.js")).Messages,
	"clinic-pay": async () => (await import("./pay.js")).Pay,
	"clinic-visitor-zone": async () => (await import("./visitor-zone.js")).VisitorZone,
	"clinic-waiting": async () => (await import("./waiting.js")).Waiting,
};

for (const root of document.querySelectorAll("[data-module]")) {
	const load = MODULES[root.dataset.module];
	if (load) {
		const Module = await load();
		new Module(root).start();
	}
}
