/**
 * The step before confirming: all that will be booked, in one place.
 */

import { part } from "./parts.js";
import { inFull } from "./phone.js";

/**
 * @param {HTMLElement} page holds the parts "review-…"
 * @param {import("./words.js").Words} words
 * @param {import("./held-time.js").Held} held
 * @param {{time: string, zones: string}} told the held time as people read it, and on whose clock
 * @param {import("./draft.js").Details} details
 */
export function fillReview(page, words, held, { time, zones }, { name, email, phone, note }) {
	const facts = {
		"review-time": time,
		"review-zone": zones,
		"review-clinic": words.clinic(held.clinic),
		"review-price": words.money(held.price),
		"review-name": name,
		"review-email": email,
		"review-phone": inFull(phone, words.clinics[held.clinic].phones),
		"review-note": note || words.say("no_note"),
	};
	for (const [fact, text] of Object.entries(facts)) {
		part(page, fact).textContent = text;
	}
	if (held.terms?.text) {
		part(page, "review-policy").textContent = held.terms.text;
	}
}
