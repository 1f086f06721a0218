/**
 * The steps of a page, one shown at a time. The step stands in the address's fragment, so back and
 * forward go through the steps.
 */

import { goTo } from "./parts.js";

export class Steps {
	/**
	 * @param {HTMLElement} root holds a section with `data-step` and a heading `#step-…` for each
	 * @param {string[]} names in order
	 * @param {() => string} farthest the last step that what is known allows
	 */
	constructor(root, names, farthest) {
		this.root = root;
		this.names = names;
		this.farthest = farthest;
		/** @type {string | null} */
		this.current = null;
	}

	/** @returns {string} the step that the address names, or the last one before it that can be shown */
	asked() {
		const named = this.names.indexOf(location.hash.slice(1));
		return this.names[Math.min(Math.max(named, 0), this.names.indexOf(this.farthest()))];
	}

	/**
	 * Show the step asked for.
	 *
	 * @returns {boolean} whether it is another one than before
	 */
	show() {
		const step = this.asked();
		const named = location.hash.slice(1);
		if (this.names.includes(named) && named !== step) {
			history.replaceState(null, "", `#${step}`);
		}
		for (const section of this.root.querySelectorAll("[data-step]")) {
			section.hidden = section.dataset.step !== step;
		}
		const isAnother = step !== this.current;
		this.current = step;
		return isAnother;
	}

	/** @param {string} step */
	name(step) {
		if (location.hash !== `#${step}`) {
			history.pushState(null, "", `#${step}`);
		}
	}

	/** The step's heading is read out; what is held stands above it and is to be seen as well. */
	goToHeading() {
		goTo(document.getElementById(`step-${this.current}`), this.root);
	}
}
