/**
 * What the modules say, in the page's language: texts from the page, dates and money by `Intl` with
 * the zone always stated. Times are on the 24-hour clock, as on the server's side of the page.
 */

import { part } from "./parts.js";

const MINUTE = 60;

export class Words {
	/** @param {HTMLElement} root holds the part "words" */
	constructor(root) {
		const given = JSON.parse(part(root, "words").textContent);
		/** @type {Record<string, string>} */
		this.texts = given.texts;
		/** @type {Record<string, {title: string, timezone: string, phones?: import("./phone.js").PhoneLengths | null}>} */
		this.clinics = given.clinics;
		/** @type {Record<string, string>} the place each zone is named after */
		this.zones = given.zones;
		this.language = document.documentElement.lang;
	}

	/**
	 * @param {string} name
	 * @param {...(string | number)} values for {0}, {1}
	 */
	say(name, ...values) {
		const text = this.texts[name];
		if (text === undefined) {
			throw new Error(`This page has no text "${name}"`);
		}
		return text.replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)]));
	}

	/**
	 * @param {string} start ISO 8601
	 * @param {string} zone
	 * @returns {string} `Monday, November 23, 09:00`
	 */
	dateAndTime(start, zone) {
		return `${this.date(start, zone)}, ${this.time(start, zone)}`;
	}

	/**
	 * @param {string} start
	 * @param {string} zone
	 * @returns {string} `Monday, November 23`
	 */
	date(start, zone) {
		return this.format(start, { weekday: "long", day: "numeric", month: "long", timeZone: zone });
	}

	/**
	 * @param {string} start
	 * @param {string} zone
	 * @returns {string} `Mon, Nov 23, 09:00`
	 */
	shortDateAndTime(start, zone) {
		return `${this.format(start, { weekday: "short", day: "numeric", month: "short", timeZone: zone })}, ${this.time(start, zone)}`;
	}

	/**
	 * @param {string} start
	 * @param {string} zone
	 * @returns {string} `09:00`
	 */
	time(start, zone) {
		return this.format(start, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
	}

	/**
	 * @param {string} start
	 * @param {string} zone
	 * @returns {string} `Bucharest time (UTC+2)`
	 */
	zone(start, zone) {
		const named = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "shortOffset" });
		const offset = named.formatToParts(new Date(start)).find(({ type }) => type === "timeZoneName").value;
		const since = offset.replace("GMT", "UTC").replace("-", "−");
		return this.say("zone", this.zones[zone], since === "UTC" ? "UTC+0" : since);
	}

	/**
	 * @param {number} seconds
	 * @returns {string} `2 minutes`, `40 seconds`, `1 second`
	 */
	duration(seconds) {
		if (seconds < MINUTE) {
			return seconds === 1 ? this.say("one_second") : this.say("seconds", seconds);
		}
		const minutes = Math.ceil(seconds / MINUTE);
		return minutes === 1 ? this.say("one_minute") : this.say("minutes", minutes);
	}

	/** @param {{amount: string, currency: string}} price */
	money({ amount, currency }) {
		if (Number(amount) === 0) {
			return this.say("free");
		}
		return new Intl.NumberFormat(this.language, { style: "currency", currency }).format(Number(amount));
	}

	/** @param {string} method of paying, as the API's */
	way(method) {
		return this.texts.ways[method] || this.texts.ways.online;
	}

	/** @param {string} name */
	clinic(name) {
		return this.clinics[name].title;
	}

	format(start, options) {
		return new Intl.DateTimeFormat(this.language, options).format(new Date(start));
	}
}
