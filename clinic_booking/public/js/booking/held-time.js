/**
 * The time that this browser holds with one doctor for one service.
 *
 * Kept in localStorage, so that its owner can reload, go back, or open a second tab (BK-2), and
 * never in an address. Where storage is forbidden it lives as long as the page.
 */

import { post, requestId } from "./api.js";

const PREFIX = "clinic-booking:held:";
const REMEMBERED = 24 * 60 * 60 * 1000;

/**
 * @typedef {object} Held
 * @property {string} token
 * @property {string} start ISO 8601 with offset
 * @property {string} clinic
 * @property {{amount: string, currency: string}} price
 * @property {any} terms
 * @property {number} lapsesAt by this browser's clock, in epoch milliseconds
 */

export class HeldTime {
	/**
	 * @param {string} doctor
	 * @param {string} service
	 */
	constructor(doctor, service) {
		this.key = `${PREFIX}${doctor}:${service}`;
		/** @type {Held | null} */
		this.here = null;
	}

	/** @returns {Held | null} also when it has lapsed: its owner may want to take it again */
	read() {
		const stored = this.stored();
		if (stored !== undefined) {
			this.here = stored;
		}
		return this.here;
	}

	/** @returns {boolean} */
	isLive() {
		return this.millisecondsLeft() > 0;
	}

	/** @returns {number} 0 when nothing is held */
	millisecondsLeft() {
		const held = this.read();
		return held ? Math.max(0, held.lapsesAt - Date.now()) : 0;
	}

	/**
	 * Hold a time, or move the one that is held there. Throws the API's problems.
	 *
	 * @param {{doctor: string, service: string, start: string, clinic: string}} asked
	 */
	async take(asked) {
		this.keep(await this.hold(asked));
	}

	async hold(asked) {
		if (!this.isLive()) {
			return post("hold", { ...asked, request_id: requestId() });
		}
		const { token } = this.read();
		try {
			return await post("hold", { ...asked, request_id: requestId() }, token);
		} catch (problem) {
			if (problem.code !== "ERR_HOLD_EXPIRED") {
				throw problem;
			}
			// Lapsed a moment ago, or moved as often as it may be: give it back and hold afresh.
			await post("release", {}, token).catch(() => null);
			this.lapse();
			return post("hold", { ...asked, request_id: requestId() });
		}
	}

	/**
	 * Remember what `hold` answered.
	 *
	 * @param {import("./api.js").Answer} answer
	 */
	keep({ message, ahead }) {
		this.write({
			token: message.token,
			start: message.start,
			clinic: clinicName(message.clinic),
			price: message.price,
			terms: message.terms,
			lapsesAt: Date.parse(message.expires_at) - ahead,
		});
	}

	/**
	 * Remember what `extend` answered.
	 *
	 * @param {import("./api.js").Answer} answer
	 */
	prolong({ message, ahead }) {
		const held = this.read();
		if (held) {
			this.write({ ...held, lapsesAt: Date.parse(message.expires_at) - ahead });
		}
	}

	/** It lapsed on the server, whatever we thought. */
	lapse() {
		const held = this.read();
		if (held) {
			this.write({ ...held, lapsesAt: 0 });
		}
	}

	forget() {
		this.here = null;
		try {
			localStorage.removeItem(this.key);
		} catch (forbidden) {
			// Then nothing was stored either.
		}
	}

	/**
	 * @param {(before: Held | null) => void} listener called when another tab changes what is held
	 */
	onChangeElsewhere(listener) {
		addEventListener("storage", (event) => {
			if (event.key === this.key || event.key === null) {
				listener(this.here);
			}
		});
	}

	/** @param {Held} held */
	write(held) {
		this.here = held;
		try {
			localStorage.setItem(this.key, JSON.stringify({ ...held, keptAt: Date.now() }));
		} catch (forbidden) {
			// Private windows of some browsers: held until this page closes.
		}
	}

	/** @returns {Held | null | undefined} undefined where storage is forbidden */
	stored() {
		try {
			const held = JSON.parse(localStorage.getItem(this.key));
			const usable = held && held.token && held.start && Date.now() - held.keptAt < REMEMBERED;
			return usable ? held : null;
		} catch (forbidden) {
			return undefined;
		}
	}
}

/** @param {string | {name: string}} clinic */
export function clinicName(clinic) {
	return typeof clinic === "string" ? clinic : clinic.name;
}
