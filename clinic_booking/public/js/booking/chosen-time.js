/**
 * A free time on a page that cannot hold it: remembers that it was pressed, so that the booking
 * page it leads to takes it at once. An address alone never holds a time: links are followed by
 * scanners and sent to friends.
 */

const KEY = "clinic-booking:chosen";

export class ChosenTime {
	/** @param {HTMLAnchorElement} root */
	constructor(root) {
		this.root = root;
	}

	start() {
		this.root.addEventListener("click", (event) => {
			if (opensElsewhere(event)) {
				return;
			}
			try {
				sessionStorage.setItem(KEY, timeIn(this.root.href).start);
			} catch (forbidden) {
				// The booking page then asks once more.
			}
		});
	}
}

/**
 * Whether a click opens a new tab or window, or downloads: then it is none of ours.
 *
 * @param {MouseEvent} event
 */
export function opensElsewhere(event) {
	return event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
}

/**
 * The time that an address is about.
 *
 * @param {string} address
 * @returns {{start: string | null, clinic: string | null}} `start` ISO 8601 with offset
 */
export function timeIn(address) {
	const { searchParams } = new URL(address);
	return { start: searchParams.get("start"), clinic: searchParams.get("clinic") };
}

/**
 * The time pressed on the page before this one, once.
 *
 * @returns {string | null} ISO 8601, only if this page's address is about it
 */
export function takeChosenTime() {
	try {
		const chosen = sessionStorage.getItem(KEY);
		sessionStorage.removeItem(KEY);
		return chosen && chosen === timeIn(location.href).start ? chosen : null;
	} catch (forbidden) {
		return null;
	}
}
