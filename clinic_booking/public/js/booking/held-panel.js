/**
 * Shows the time that is held: which, for how long still, and what can be done with it at each step.
 */

import { Countdown } from "./countdown.js";
import { part } from "./parts.js";

export class HeldPanel {
	/**
	 * @param {HTMLElement} page holds the part "held" and those within it, and the summary's parts
	 * @param {import("./words.js").Words} words
	 * @param {() => void} onLapse
	 */
	constructor(page, words, onLapse) {
		this.page = page;
		this.root = part(page, "held");
		this.words = words;
		this.countdown = new Countdown(this.root, words, onLapse);
	}

	/**
	 * @param {import("./held-time.js").Held} held
	 * @param {string} time as people read it
	 * @param {string} zones on whose clock
	 */
	show(held, time, zones) {
		this.root.hidden = false;
		part(this.root, "held-time").textContent = time;
		part(this.root, "held-zone").textContent = zones;
		part(this.page, "summary-clinic").textContent = this.words.clinic(held.clinic);
		part(this.page, "summary-price").textContent = this.words.money(held.price);
		this.countdown.run(held.lapsesAt);
	}

	hide() {
		this.root.hidden = true;
		this.countdown.stop();
	}

	/** @param {boolean} isChoosing whether the step shown is the one where times are chosen */
	showActions(isChoosing) {
		part(this.root, "continue").hidden = !isChoosing;
		part(this.root, "release").hidden = !isChoosing;
		part(this.root, "another").hidden = isChoosing;
	}
}
