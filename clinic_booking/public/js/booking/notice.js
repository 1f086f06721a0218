/**
 * Says what went wrong and offers what to do about it, above the step it happened in.
 */

import { goTo, part } from "./parts.js";

/** @typedef {{label: string, act: () => void}} Action */

export class Notice {
	/** @param {HTMLElement} page holds the parts "problem" and those within it */
	constructor(page) {
		this.root = part(page, "problem");
		this.title = part(this.root, "problem-title");
		this.text = part(this.root, "problem-text");
		this.times = part(this.root, "problem-times");
		this.actions = part(this.root, "problem-actions");
	}

	/**
	 * @param {string} title
	 * @param {string} text
	 * @param {{times?: Action[], actions?: Action[]}} [offers]
	 */
	show(title, text, { times = [], actions = [] } = {}) {
		this.title.textContent = title;
		this.text.textContent = text;
		this.times.replaceChildren(...times.map((time) => listed(button(time, "clinic-time"))));
		this.times.hidden = times.length === 0;
		this.actions.replaceChildren(...actions.map((action) => button(action, "clinic-button clinic-button--quiet")));
		this.actions.hidden = actions.length === 0;
		this.root.hidden = false;
		goTo(this.root);
	}

	hide() {
		this.root.hidden = true;
	}
}

/**
 * @param {Action} action
 * @param {string} className
 */
function button({ label, act }, className) {
	const made = document.createElement("button");
	made.type = "button";
	made.className = className;
	made.textContent = label;
	made.addEventListener("click", act);
	return made;
}

/** @param {HTMLElement} element */
function listed(element) {
	const item = document.createElement("li");
	item.append(element);
	return item;
}
