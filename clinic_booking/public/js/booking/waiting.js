/**
 * A booking that waits for its money: says how long its time is still kept, and looks whether the money has come.
 */

import { Countdown } from "./countdown.js";
import { Words } from "./words.js";

const SECOND = 1000;
const FIRST_LOOKS = 24;
const SOON = 5 * SECOND;
const LATER = 30 * SECOND;

export class Waiting {
	/**
	 * @param {HTMLElement} root how it stands is its `data-standing`; with `data-watch` it is looked at again and
	 * again by the address `data-paid`; with `data-until` the time is kept until then, counted from `data-now`
	 */
	constructor(root) {
		this.root = root;
		this.words = new Words(root);
		this.looks = 0;
	}

	start() {
		const { until, now } = this.root.dataset;
		if (until) {
			// This browser's clock may be wrong: what counts is how long it is from the server's now.
			const left = Date.parse(until) - Date.parse(now);
			new Countdown(this.root, this.words, () => location.reload()).run(Date.now() + left);
		}
		if ("watch" in this.root.dataset) {
			this.lookLater();
		}
	}

	lookLater() {
		this.looks += 1;
		setTimeout(() => this.look(), this.looks > FIRST_LOOKS ? LATER : SOON);
	}

	async look() {
		if (!document.hidden && (await this.hasChanged())) {
			location.reload();
			return;
		}
		this.lookLater();
	}

	/** @returns {Promise<boolean>} whether the booking's own page would say something else by now */
	async hasChanged() {
		try {
			const answer = await fetch(this.root.dataset.paid, { cache: "no-store" });
			const page = new DOMParser().parseFromString(await answer.text(), "text/html");
			const standing = page.querySelector("[data-standing]")?.getAttribute("data-standing");
			return answer.ok && standing !== this.root.dataset.standing;
		} catch (unreachable) {
			return false;
		}
	}
}
