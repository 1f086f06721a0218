/**
 * The form for who comes: at most five answers, checked when sent, each problem said at its field
 * and in the summary above. The server has the last word; `showErrors` says its words too.
 */

import { goTo, part } from "./parts.js";
import { keepDraft, readDraft } from "./draft.js";
import { mayBePhone } from "./phone.js";

const SHORTEST_NAME = 2;
const LONGEST_NAME = 140;
const LONGEST_NOTE = 2000;
const FIELDS = ["name", "email", "phone", "note", "consent"];

export class DetailsForm {
	/**
	 * @param {HTMLElement} page holds the parts "form", "summary" and "summary-list"
	 * @param {import("./words.js").Words} words
	 * @param {() => import("./phone.js").PhoneLengths | null} phones of the clinic's country
	 * @param {() => void} onComplete the answers look right
	 */
	constructor(page, words, phones, onComplete) {
		this.form = /** @type {HTMLFormElement} */ (part(page, "form"));
		this.summary = part(page, "summary");
		this.list = part(page, "summary-list");
		this.words = words;
		this.phones = phones;
		this.onComplete = onComplete;
	}

	start() {
		this.fill(readDraft());
		this.form.addEventListener("input", () => keepDraft(this.details()));
		this.form.addEventListener("submit", (event) => {
			event.preventDefault();
			const errors = this.errors();
			if (Object.keys(errors).length) {
				this.showErrors(errors);
			} else {
				this.clearErrors();
				this.onComplete();
			}
		});
	}

	/** @returns {import("./draft.js").Details} */
	details() {
		const text = (name) => this.control(name).value.trim();
		return {
			name: text("name"),
			email: text("email"),
			phone: text("phone"),
			note: text("note"),
			consent: this.control("consent").checked,
		};
	}

	/** @returns {boolean} */
	isComplete() {
		return Object.keys(this.errors()).length === 0;
	}

	/** @returns {Record<string, string>} what is wrong, by field */
	errors() {
		const { name, email, phone, note, consent } = this.details();
		const found = {
			name: this.nameError([...name].length),
			email: this.emailError(email),
			phone: this.phoneError(phone),
			note: [...note].length > LONGEST_NOTE ? this.words.say("note_length", [...note].length) : null,
			consent: consent ? null : this.words.say("consent_missing"),
		};
		return Object.fromEntries(Object.entries(found).filter(([, error]) => error));
	}

	nameError(length) {
		if (length === 0) {
			return this.words.say("name_missing");
		}
		return length < SHORTEST_NAME || length > LONGEST_NAME ? this.words.say("name_length") : null;
	}

	emailError(email) {
		if (!email) {
			return this.words.say("email_missing");
		}
		return /^\S+@\S+\.\S+$/.test(email) ? null : this.words.say("email_wrong");
	}

	phoneError(phone) {
		if (!phone) {
			return this.words.say("phone_missing");
		}
		return mayBePhone(phone, this.phones()) ? null : this.words.say("phone_wrong");
	}

	/**
	 * @param {Record<string, string>} errors by field; a name that is no field is left out
	 */
	showErrors(errors) {
		this.clearErrors();
		const wrong = FIELDS.filter((name) => errors[name]);
		for (const name of wrong) {
			this.mark(name, errors[name]);
		}
		this.list.replaceChildren(...wrong.map((name) => this.link(name, errors[name])));
		this.summary.hidden = wrong.length === 0;
		if (wrong.length) {
			goTo(this.summary);
		}
	}

	clearErrors() {
		this.summary.hidden = true;
		for (const name of FIELDS) {
			this.mark(name, "");
		}
	}

	/** @param {string} name */
	static has(name) {
		return FIELDS.includes(name);
	}

	mark(name, message) {
		const field = this.form.querySelector(`[data-field="${name}"]`);
		const error = part(field, "error");
		error.textContent = message;
		error.hidden = !message;
		field.classList.toggle("clinic-field--wrong", Boolean(message));
		if (message) {
			this.control(name).setAttribute("aria-invalid", "true");
		} else {
			this.control(name).removeAttribute("aria-invalid");
		}
	}

	link(name, message) {
		const link = document.createElement("a");
		link.href = `#${name}`;
		link.textContent = message;
		link.addEventListener("click", (event) => {
			// The fragment is the step's; moving there is ours.
			event.preventDefault();
			this.control(name).focus();
		});
		const item = document.createElement("li");
		item.append(link);
		return item;
	}

	/** @param {Partial<import("./draft.js").Details>} draft */
	fill(draft) {
		for (const name of FIELDS) {
			if (name === "consent") {
				this.control(name).checked = Boolean(draft.consent);
			} else if (draft[name]) {
				this.control(name).value = draft[name];
			}
		}
	}

	/** @returns {HTMLInputElement} */
	control(name) {
		return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
	}
}
