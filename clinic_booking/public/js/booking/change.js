/**
 * A form on a booking's own page: moves, cancels or rates it, or says what else its holder wants, once they confirm (BK-7).
 *
 * The server has written what will happen; here it is sent, with the token in a header, and what
 * speaks against it is said with a way on.
 */

import { post, requestId, tokenOfPage } from "./api.js";
import { sayFailure } from "./failures.js";
import { clinicName } from "./held-time.js";
import { Notice } from "./notice.js";
import { OneAtATime } from "./one-at-a-time.js";
import { part } from "./parts.js";
import { Words } from "./words.js";

/** What a form says in words, and the call takes as something else. */
const VALUES = { stars: Number, newsletter: (value) => value === "yes" };

export class Change {
	/** @param {HTMLFormElement} root its `data-call` is the API's; `data-done`, `data-again`, `data-back` are addresses */
	constructor(root) {
		this.root = root;
		this.call = root.dataset.call;
		this.token = tokenOfPage();
		this.words = new Words(root);
		this.notice = new Notice(root);
		this.button = part(root, "confirm");
		this.work = new OneAtATime(part(root, "status"), this.words.say("one_moment"));
		/** The same confirmation again (a second click, a retry) is the same request. */
		this.requestId = requestId();
	}

	start() {
		this.root.hidden = false;
		this.button.hidden = false;
		document.getElementById("change")?.focus({ preventScroll: true });
		this.root.addEventListener("submit", (event) => {
			event.preventDefault();
			this.send();
		});
	}

	async send() {
		await this.work.run(this.button, async () => {
			try {
				await post(this.call, this.given(), this.token);
				this.goOn();
			} catch (problem) {
				this.onProblem(problem);
			}
		});
	}

	/** The page that says how it stands now; it may be this one. */
	goOn() {
		const done = new URL(this.root.dataset.done, location.href);
		const isHere = done.pathname + done.search === location.pathname + location.search;
		location.replace(done.href);
		if (isHere) {
			location.reload();
		}
	}

	/** @returns {Record<string, any>} what the form says, without what was left empty */
	given() {
		const typed = [...new FormData(this.root)].filter(([_, value]) => String(value).trim());
		const given = Object.fromEntries(typed.map(([name, value]) => [name, name in VALUES ? VALUES[name](value) : value]));
		return this.call === "reschedule" ? { ...given, request_id: this.requestId } : given;
	}

	/**
	 * Say what is wrong at the fields that can say it, and go to the first.
	 *
	 * @param {Record<string, string>} errors
	 * @returns {boolean} whether any belonged to a field
	 */
	showFields(errors) {
		const fields = [...this.root.querySelectorAll("[data-field]")].filter((each) => each.querySelector('[data-part="error"]'));
		for (const field of fields) {
			const error = part(field, "error");
			error.textContent = errors[field.dataset.field] || "";
			error.hidden = !error.textContent;
			field.classList.toggle("clinic-field--wrong", !error.hidden);
		}
		const first = fields.find((each) => each.classList.contains("clinic-field--wrong"));
		first?.querySelector("input, textarea").focus();
		return Boolean(first);
	}

	/** @param {Error} problem */
	onProblem(problem) {
		const say = (name) => this.words.say(name);
		const seeIt = { label: say("see_it"), act: () => location.assign(this.root.dataset.back) };
		if (problem.code === "ERR_SLOT_CONFLICT") {
			this.onTaken(problem);
		} else if (problem.code === "ERR_VALIDATION" && this.showFields(problem.facts.fields || {})) {
			this.notice.hide();
		} else if (problem.code === "ERR_TIME_WINDOW") {
			this.notice.show(say("late_title"), say("late"), { actions: [seeIt] });
		} else if (problem.code === "ERR_MAX_RESCHEDULES") {
			this.notice.show(say("moves_title"), say("moves"), { actions: [seeIt] });
		} else if (["ERR_VALIDATION", "ERR_NOT_FOUND", "ERR_HOLD_EXPIRED"].includes(problem.code)) {
			this.notice.show(say("changed_title"), say("changed"), { actions: [seeIt] });
		} else {
			sayFailure(this.notice, this.words, problem, () => this.send());
		}
	}

	/** Someone else has the new time: the nearest others, each to be looked at first. */
	onTaken(problem) {
		const { start, clinic } = this.given();
		const again = new URL(this.root.dataset.again, location.href);
		const times = (problem.facts.alternatives || []).map((slot) => ({
			label: this.nameOf(slot.start, clinicName(slot.clinic), clinic),
			act: () => location.assign(this.addressOf(again, slot)),
		}));
		const text = [
			this.words.say("taken", this.nameOf(start, clinic)),
			this.words.say(times.length ? "taken_choose" : "taken_none"),
		].join(" ");
		const actions = [{ label: this.words.say("choose_another"), act: () => location.assign(again.href) }];
		this.notice.show(this.words.say("taken_title"), text, { times, actions });
	}

	/** @param {URL} again */
	addressOf(again, { start, clinic }) {
		const address = new URL(again.href);
		address.searchParams.set("start", start);
		address.searchParams.set("clinic", clinicName(clinic));
		return address.href;
	}

	/** A time in the zone of the visit, with its clinic where that is not the expected one. */
	nameOf(start, clinic, expected = clinic) {
		const zone = this.root.dataset.zone || this.words.clinics[clinic].timezone;
		const time = this.words.dateAndTime(start, zone);
		return clinic === expected ? time : `${time} (${this.words.clinic(clinic)})`;
	}
}
