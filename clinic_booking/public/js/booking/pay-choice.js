/**
 * On the review: what is to be paid now and how, of what the held time's terms offer (PO-5, BK-5).
 */

import { part } from "./parts.js";

const AT_CLINIC = "at_clinic";
/** Ways that lead to no provider's page. */
const WITHOUT_PAGE = [AT_CLINIC, "bank_transfer", "credit"];

export class PayChoice {
	/**
	 * @param {HTMLElement} page holds the parts "pay-text", "pay-choice", "pay-ways" and "confirm"
	 * @param {import("./words.js").Words} words
	 */
	constructor(page, words) {
		this.words = words;
		this.text = part(page, "pay-text");
		this.choice = part(page, "pay-choice");
		this.list = part(page, "pay-ways");
		this.button = part(page, "confirm");
		this.label = this.button.textContent;
		this.methods = [];
		this.list.addEventListener("change", () => this.nameButton());
	}

	/** @param {import("./held-time.js").Held} held */
	show({ price, terms }) {
		const chosen = this.chosen();
		this.methods = terms?.payment_methods || [];
		this.isDue = Number(terms?.due_now?.amount) > 0;
		const way = this.isDue && this.methods.length === 1 ? ` · ${this.words.way(this.methods[0])}` : "";
		this.text.textContent = this.told(price, terms?.due_now) + way;
		this.text.hidden = !this.text.textContent;
		this.choice.hidden = !this.isChoice();
		this.list.replaceChildren(...this.methods.map((method) => this.way(method)));
		const start = this.methods.includes(chosen) ? chosen : this.methods[0];
		for (const box of this.list.querySelectorAll("input")) {
			box.checked = box.value === start;
		}
		this.nameButton();
	}

	/** @returns {string | undefined} none where there is nothing to choose */
	chosen() {
		if (this.isChoice()) {
			return this.list.querySelector("input:checked")?.value;
		}
		return this.isDue ? this.methods[0] : undefined;
	}

	isChoice() {
		return this.methods.length > 1 && (this.isDue || this.methods.includes(AT_CLINIC));
	}

	/** What is to be paid when, in words. */
	told(price, due) {
		if (this.isDue && Number(due.amount) < Number(price.amount)) {
			const rest = { ...price, amount: String(Number(price.amount) - Number(due.amount)) };
			return this.words.say("due_part", this.words.money(due), this.words.money(rest));
		}
		if (this.isDue) {
			return this.words.say("due_now", this.words.money(due));
		}
		if (this.methods.length && !this.methods.includes(AT_CLINIC)) {
			return this.words.say("due_later");
		}
		return this.methods.length === 1 ? this.words.say("at_clinic") : "";
	}

	way(method) {
		const line = document.createElement("div");
		line.className = "clinic-check";
		const box = document.createElement("input");
		Object.assign(box, { type: "radio", name: "payment_method", value: method, id: `pay-${method}` });
		box.className = "clinic-check__box";
		const label = document.createElement("label");
		label.className = "clinic-check__label";
		label.htmlFor = box.id;
		label.textContent = this.words.way(method);
		line.append(box, label);
		return line;
	}

	nameButton() {
		const method = this.chosen();
		const leads = method && !WITHOUT_PAGE.includes(method);
		this.button.textContent = leads ? this.words.say("confirm_and_pay") : this.label;
	}
}
