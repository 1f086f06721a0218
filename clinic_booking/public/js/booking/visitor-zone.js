/**
 * Shows a video visit's times in the visitor's own zone (UI-1): the server writes the page again
 * for the zone that the browser names. Asked once: a visitor who goes back to the clinic's time
 * has `timezone` in the address and stays there, with this link to return.
 */

export class VisitorZone {
	/** @param {HTMLAnchorElement} root has the zone shown in `data-zone` */
	constructor(root) {
		this.root = root;
	}

	start() {
		const own = ownZone();
		if (!own || own === this.root.dataset.zone) {
			return;
		}
		const address = new URL(location.href);
		const asked = address.searchParams.has("timezone");
		address.searchParams.set("timezone", own);
		if (asked) {
			this.root.href = address.href;
			this.root.hidden = false;
		} else {
			location.replace(address.href);
		}
	}
}

/**
 * @returns {string | null} the browser's IANA zone; some that hide where they are name none
 */
export function ownZone() {
	const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
	return zone && zone !== "Etc/Unknown" ? zone : null;
}
