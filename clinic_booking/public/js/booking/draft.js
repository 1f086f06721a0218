/**
 * What has been typed into the details, kept until it is booked.
 *
 * In sessionStorage: it survives a reload, a lost time and another doctor's page in the same tab,
 * and goes when the tab is closed, because the next person may use the same computer.
 */

const KEY = "clinic-booking:details";

/** @typedef {{name: string, email: string, phone: string, note: string, consent: boolean}} Details */

/** @returns {Partial<Details>} */
export function readDraft() {
	try {
		return JSON.parse(sessionStorage.getItem(KEY)) || {};
	} catch (forbidden) {
		return {};
	}
}

/** @param {Details} details */
export function keepDraft(details) {
	try {
		sessionStorage.setItem(KEY, JSON.stringify(details));
	} catch (forbidden) {
		// The form itself still has it.
	}
}

export function forgetDraft() {
	try {
		sessionStorage.removeItem(KEY);
	} catch (forbidden) {
		// Then nothing was stored either.
	}
}
