/**
 * What is said when the server refuses, each with a way on: a time that is taken, too late, no longer
 * offered; a hold that lapsed; answers that can't be right.
 */

import { DetailsForm } from "./details-form.js";
import { refreshTimes } from "./fresh-times.js";
import { clinicName } from "./held-time.js";
import { sayPaymentFailure } from "./payment-failure.js";

export class Refusals {
	/** @param {import("./booking.js").Booking} booking */
	constructor(booking) {
		this.booking = booking;
		this.held = booking.held;
		this.notice = booking.notice;
		this.words = booking.words;
	}

	/**
	 * A time could not be held.
	 *
	 * @param {Error} problem
	 * @param {string} start
	 * @param {string} clinic
	 */
	ofTime(problem, start, clinic) {
		if (problem.code === "ERR_SLOT_CONFLICT") {
			this.taken(problem, start, clinic);
		} else if (problem.code === "ERR_NOT_FOUND") {
			// The doctor is gone, not the time that is held: that one stays its owner's.
			this.notOffered();
		} else {
			this.of(problem, () => this.booking.take(start, clinic));
		}
	}

	/**
	 * @param {Error} problem
	 * @param {() => void} again
	 */
	of(problem, again) {
		const { code, facts } = problem;
		const held = this.held.read();
		const say = (name) => this.words.say(name);
		const actions = [{ label: say("choose_another"), act: () => this.booking.chooseAnother() }];

		if (code === "ERR_SLOT_CONFLICT") {
			this.taken(problem, held.start, held.clinic);
		} else if (code === "ERR_HOLD_EXPIRED" && this.held.isLive() && this.booking.steps.current !== "review") {
			this.notice.show(say("longest_title"), say("longest"));
		} else if (held && (code === "ERR_HOLD_EXPIRED" || code === "ERR_NOT_FOUND")) {
			this.booking.onLapse();
		} else if (code === "ERR_VALIDATION" && this.showFields(facts.fields || {})) {
			// Said at the fields.
		} else if (code === "ERR_VALIDATION" && facts.fields?.payment_method) {
			this.notice.show(say("pay_wrong"), facts.fields.payment_method);
		} else if (code === "ERR_VALIDATION" && Object.keys(facts.fields || {}).length === 0) {
			this.notice.show(say("not_offered_title"), facts.message);
		} else if (code === "ERR_VALIDATION") {
			this.notice.show(say("window_title"), say("not_free"), { actions });
		} else if (code === "ERR_TIME_WINDOW") {
			this.notice.show(say("window_title"), say("window"), { actions });
		} else if (code === "ERR_NOT_FOUND") {
			this.notOffered();
		} else {
			const own = `/booking/${encodeURIComponent(held?.token)}`;
			const seeIt = { label: say("see_it"), act: () => this.booking.finish(own) };
			sayPaymentFailure(this.notice, this.words, problem, again, seeIt);
		}
	}

	notOffered() {
		const reload = { label: this.words.say("try_again"), act: () => location.reload() };
		const [title, text] = [this.words.say("not_offered_title"), this.words.say("not_offered")];
		this.notice.show(title, text, { actions: [reload] });
	}

	/** Someone else has the time: the nearest others, one press each; those on the page are looked at again. */
	taken(problem, start, clinic) {
		refreshTimes(this.booking.root);
		const held = this.held.read();
		if (held && held.start === start) {
			this.held.lapse();
			this.booking.showHeld();
		}
		const alternatives = problem.facts.alternatives || [];
		const times = alternatives.map((slot) => ({
			label: this.booking.nameOf(slot.start, clinicName(slot.clinic), clinic),
			act: () => this.booking.take(slot.start, clinicName(slot.clinic)),
		}));
		const text = [
			this.words.say("taken", this.booking.nameOf(start, clinic)),
			this.words.say(times.length ? "taken_choose" : "taken_none"),
		].join(" ");
		const actions = [{ label: this.words.say("choose_another"), act: () => this.booking.chooseAnother() }];
		this.notice.show(this.words.say("taken_title"), text, { times, actions });
	}

	/**
	 * Say the server's errors at their fields; `patient.email` and `email` are the same answer.
	 *
	 * @returns {boolean} whether any belonged to a field
	 */
	showFields(fields) {
		const errors = Object.fromEntries(
			Object.entries(fields).map(([name, message]) => [name.split(".").pop(), message])
		);
		if (!Object.keys(errors).some((name) => DetailsForm.has(name))) {
			return false;
		}
		this.booking.go("details");
		this.booking.form.showErrors(errors);
		return true;
	}
}
