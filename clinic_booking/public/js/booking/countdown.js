/**
 * Tells how long a held time is still kept: on the screen all the time, aloud only when little is
 * left, and then twice (a reader interrupted each second would hear nothing else).
 */

import { part } from "./parts.js";

const SECOND = 1000;
const WARNINGS = [120, 45];

export class Countdown {
	/**
	 * @param {HTMLElement} root holds the parts "held-left" and "warning"
	 * @param {import("./words.js").Words} words
	 * @param {() => void} onLapse
	 */
	constructor(root, words, onLapse) {
		this.root = root;
		this.left = part(root, "held-left");
		this.warning = part(root, "warning");
		this.words = words;
		this.onLapse = onLapse;
		this.warned = Infinity;
	}

	/** @param {number} lapsesAt epoch milliseconds by this browser's clock */
	run(lapsesAt) {
		this.stop();
		this.lapsesAt = lapsesAt;
		this.timer = setInterval(() => this.tick(), SECOND);
		this.tick();
	}

	stop() {
		clearInterval(this.timer);
		this.warned = Infinity;
		this.warning.textContent = "";
		this.root.classList.remove("clinic-held--ending");
	}

	tick() {
		const seconds = Math.max(0, Math.round((this.lapsesAt - Date.now()) / SECOND));
		if (seconds === 0) {
			this.stop();
			this.left.textContent = "";
			this.onLapse();
			return;
		}
		this.left.textContent = this.words.say("kept", Math.floor(seconds / 60), seconds % 60);
		const due = WARNINGS.findLast((warning) => seconds <= warning);
		if (due && due < this.warned) {
			this.warned = due;
			this.warning.textContent = this.words.say("warning", this.words.duration(seconds));
			this.root.classList.add("clinic-held--ending");
		}
	}
}
