/**
 * The free times on the page as the server has them now: others may have taken some since it was opened.
 */

/**
 * @param {HTMLElement} root holds the part "week"
 */
export async function refreshTimes(root) {
	const shown = root.querySelector('[data-part="week"]');
	const address = new URL(location.href);
	address.hash = "";
	try {
		const answer = await fetch(address, { cache: "no-store" });
		const page = new DOMParser().parseFromString(await answer.text(), "text/html");
		const fresh = page.querySelector('[data-part="week"]');
		if (answer.ok && fresh) {
			keepUnfolded(shown, fresh);
			shown.replaceWith(fresh);
		}
	} catch (unreachable) {
		// What is shown stays; the next press says so if there is no connection.
	}
}

/** The days that the reader has opened or closed stay so. */
function keepUnfolded(shown, fresh) {
	const days = [...shown.querySelectorAll("details")].map((day) => [named(day), day.open]);
	const wasOpen = new Map(days);
	for (const day of fresh.querySelectorAll("details")) {
		day.open = wasOpen.get(named(day)) ?? day.open;
	}
}

function named(day) {
	return day.querySelector("[id]").id;
}
