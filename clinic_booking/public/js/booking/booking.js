/**
 * The booking page: choose a time, give details, check, confirm (BK-1).
 *
 * What is held is in `HeldTime`, what is typed in the form and its draft; a step is only a way of
 * looking at them.
 */

import { get, post, requestId } from "./api.js";
import { opensElsewhere, takeChosenTime, timeIn } from "./chosen-time.js";
import { DetailsForm } from "./details-form.js";
import { forgetDraft } from "./draft.js";
import { HeldPanel } from "./held-panel.js";
import { HeldTime } from "./held-time.js";
import { Notice } from "./notice.js";
import { OneAtATime } from "./one-at-a-time.js";
import { part } from "./parts.js";
import { PayChoice } from "./pay-choice.js";
import { Refusals } from "./refusals.js";
import { fillReview } from "./review.js";
import { Steps } from "./steps.js";
import { ownZone } from "./visitor-zone.js";
import { Words } from "./words.js";

const UNBOOKED = ["Held", "Expired", "Cancelled"];

export class Booking {
	/** @param {HTMLElement} root */
	constructor(root) {
		const { doctor, service, clinic, zone } = root.dataset;
		this.root = root;
		this.doctor = doctor;
		this.service = service;
		this.clinic = clinic;
		this.zone = zone;
		this.isVideo = "video" in root.dataset;
		this.words = new Words(root);
		this.held = new HeldTime(doctor, service);
		this.notice = new Notice(root);
		this.work = new OneAtATime(part(root, "status"), this.words.say("one_moment"));
		this.panel = new HeldPanel(root, this.words, () => this.work.isBusy || this.onLapse());
		this.form = new DetailsForm(root, this.words, () => this.phones(), () => this.go("review"));
		this.payment = new PayChoice(root, this.words);
		this.steps = new Steps(root, ["time", "details", "review"], () => this.farthest());
		this.refusals = new Refusals(this);
		/** The last try to book: the same answers again are the same request. */
		this.attempt = { details: "", id: "" };
	}

	start() {
		this.form.start();
		this.root.querySelector('[data-part="take"]')?.removeAttribute("hidden");
		this.root.addEventListener("click", (event) => this.onPress(event));
		part(this.root, "extend").addEventListener("click", () => this.extend());
		part(this.root, "release").addEventListener("click", () => this.release());
		part(this.root, "confirm").addEventListener("click", () => this.book());
		addEventListener("hashchange", () => this.show());
		addEventListener("pageshow", (event) => event.persisted && this.comeBack());
		this.held.onChangeElsewhere((before) => this.look(before));
		this.showHeld();
		this.show({ isFirst: true });
		const chosen = takeChosenTime();
		if (chosen) {
			this.take(chosen, this.clinic);
		} else {
			this.look();
		}
	}

	// Steps

	/**
	 * Go to a step and its beginning, also when it is the one shown.
	 *
	 * @param {string} step
	 */
	go(step) {
		this.steps.name(step);
		this.show();
		this.steps.goToHeading();
	}

	show({ isFirst = false } = {}) {
		const isAnother = this.steps.show();
		const step = this.steps.current;
		if (step === "review") {
			const held = this.held.read();
			const told = { time: this.nameOf(held.start, held.clinic), zones: this.zonesOf(held) };
			fillReview(this.root, this.words, held, told, this.form.details());
			this.payment.show(held);
		}
		this.panel.showActions(step === "time");
		if (isAnother) {
			this.notice.hide();
			document.title = [this.words.say(`step_${step}`), ...document.title.split(" · ").slice(1)].join(" · ");
			if (!isFirst || step !== "time") {
				this.steps.goToHeading();
			}
		}
	}

	/** @returns {string} the last step that what is known allows */
	farthest() {
		if (!this.held.read()) {
			return "time";
		}
		return this.form.isComplete() ? "review" : "details";
	}

	// The held time

	onPress(event) {
		const link = event.target.closest("a");
		const { start, clinic } = link ? timeIn(link.href) : {};
		if (start && !opensElsewhere(event)) {
			event.preventDefault();
			this.take(start, clinic || this.clinic, link);
		}
	}

	/**
	 * Hold a time, or move the one that is held there.
	 *
	 * @param {string} start
	 * @param {string} clinic
	 * @param {HTMLElement} [pressed]
	 */
	async take(start, clinic, pressed) {
		if (this.isHeld(start, clinic)) {
			this.go("details");
			return;
		}
		await this.oneAtATime(pressed, async () => {
			try {
				await this.held.take({ doctor: this.doctor, service: this.service, start, clinic });
				this.notice.hide();
				this.showHeld();
				this.go(this.steps.current === "review" ? "review" : "details");
			} catch (problem) {
				this.refusals.ofTime(problem, start, clinic);
			}
		});
	}

	isHeld(start, clinic) {
		const held = this.held.isLive() && this.held.read();
		return held && held.clinic === clinic && Date.parse(held.start) === Date.parse(start);
	}

	async extend() {
		const held = this.held.read();
		await this.oneAtATime(part(this.root, "extend"), async () => {
			try {
				this.held.prolong(await post("extend", {}, held.token));
				this.notice.hide();
				this.showHeld();
			} catch (problem) {
				if (problem.code === "ERR_HOLD_EXPIRED") {
					await this.look();
				}
				if (this.held.isLive() || problem.code !== "ERR_HOLD_EXPIRED") {
					this.refusals.of(problem, () => this.extend());
				}
			}
		});
	}

	async release() {
		const { token } = this.held.read();
		this.held.forget();
		this.showHeld();
		this.go("time");
		// If it fails the time comes back by itself in a few minutes.
		await post("release", {}, token).catch(() => null);
	}

	/**
	 * Ask the server how the held time stands: it may have been booked or given back in another tab,
	 * or booked by a call whose answer never came.
	 *
	 * @param {import("./held-time.js").Held | null} [before] what was held until another tab changed it
	 */
	async look(before = null) {
		this.showHeld();
		this.show();
		const held = this.held.read() || before;
		if (!held) {
			return;
		}
		try {
			const { message } = await get("booking", held.token);
			if (!UNBOOKED.includes(message.status)) {
				this.finish(`/booking/${encodeURIComponent(held.token)}`);
			} else if (message.status !== "Held" && this.held.isLive()) {
				this.onLapse();
			}
		} catch (problem) {
			if (["ERR_NOT_FOUND", "ERR_HOLD_EXPIRED"].includes(problem.code) && this.held.isLive()) {
				this.onLapse();
			}
		}
	}

	/** The browser shows the page as it was left: for another, or for a provider's after booking. */
	comeBack() {
		if (location.pathname.startsWith("/booking/")) {
			location.reload();
		} else {
			this.look();
		}
	}

	onLapse() {
		const held = this.held.read();
		if (!held) {
			return;
		}
		this.held.lapse();
		this.showHeld();
		const time = this.nameOf(held.start, held.clinic);
		this.notice.show(this.words.say("lapsed_title"), this.words.say("lapsed", time), {
			actions: [
				{ label: this.words.say("take_again", time), act: () => this.take(held.start, held.clinic) },
				{ label: this.words.say("choose_another"), act: () => this.chooseAnother() },
			],
		});
	}

	chooseAnother() {
		if (!this.held.isLive()) {
			this.held.forget();
		}
		// The times on the page are as old as the page.
		const address = new URL(location.href);
		address.hash = "";
		address.searchParams.delete("start");
		location.assign(address.href);
	}

	showHeld() {
		const held = this.held.read();
		if (this.held.isLive()) {
			this.panel.show(held, this.nameOf(held.start, held.clinic), this.zonesOf(held));
			return;
		}
		this.panel.hide();
		if (held && held.lapsesAt > 0) {
			this.onLapse();
		}
	}

	// Booking

	async book() {
		const held = this.held.read();
		const { consent, note, ...contact } = this.form.details();
		const method = this.payment.chosen();
		const given = {
			patient: {
				...contact,
				...(note ? { note } : {}),
				language: this.words.language,
				...(ownZone() ? { timezone: ownZone() } : {}),
			},
			consent,
			...(method ? { payment_method: method } : {}),
		};
		await this.oneAtATime(part(this.root, "confirm"), async () => {
			try {
				const { message } = await post("book", { ...given, request_id: this.attemptId(held, given) }, held.token);
				this.finish(new URL(message.manage_url, location.href).pathname, message.payment);
			} catch (problem) {
				this.refusals.of(problem, () => this.book());
			}
		});
	}

	/** @returns {string} the same for the same answers about the same time (a second click, a retry) */
	attemptId(held, given) {
		const details = JSON.stringify([held.token, held.start, given]);
		if (details !== this.attempt.details) {
			this.attempt = { details, id: requestId() };
		}
		return this.attempt.id;
	}

	/**
	 * @param {string} address the booking's own page
	 * @param {{url?: string}} [payment] where it is paid, if by a provider
	 */
	finish(address, payment) {
		this.held.forget();
		this.panel.hide();
		forgetDraft();
		if (payment?.url) {
			// Back from there leads to the booking's own page, not to one that could book again.
			history.replaceState(null, "", address);
			location.assign(payment.url);
		} else {
			location.replace(address);
		}
	}

	// Small things

	/** A time as people read it, with its clinic where that is not the expected one. */
	nameOf(start, clinic, expected = this.clinic) {
		const time = this.words.dateAndTime(start, this.zoneOf(clinic));
		return clinic === expected ? time : `${time} (${this.words.clinic(clinic)})`;
	}

	/** How numbers are made where the visit is. */
	phones() {
		return this.words.clinics[this.held.read()?.clinic || this.clinic].phones;
	}

	/** The zone in which a visit's times are told: the clinic's, or for a video visit the page's. */
	zoneOf(clinic) {
		return this.isVideo ? this.zone : this.words.clinics[clinic].timezone;
	}

	/**
	 * On whose clock a held time is told; the clinic's as well where it is another (UI-1).
	 *
	 * @param {import("./held-time.js").Held} held
	 * @returns {string} `New York time (UTC−5). At the clinic: Monday, November 23, 14:00, London time (UTC+0)`
	 */
	zonesOf({ start, clinic }) {
		const { words } = this;
		const zone = this.zoneOf(clinic);
		const { timezone } = words.clinics[clinic];
		const told = words.zone(start, zone);
		if (timezone === zone) {
			return told;
		}
		const there = words.say("there", words.date(start, timezone), words.time(start, timezone), words.zone(start, timezone));
		return `${told}. ${there}`;
	}

	/**
	 * @param {HTMLElement | undefined} pressed
	 * @param {() => Promise<void>} call
	 */
	async oneAtATime(pressed, call) {
		await this.work.run(pressed, call);
		// It may have lapsed meanwhile, which nobody said while the call was under way.
		if (!this.work.isBusy && !this.held.isLive()) {
			this.showHeld();
		}
	}
}
