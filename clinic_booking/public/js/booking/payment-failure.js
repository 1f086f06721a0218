/**
 * What is said when a provider opens no page to pay on.
 */

import { sayFailure } from "./failures.js";

/**
 * A provider's page that could not be opened; any other failure in its own words.
 *
 * @param {import("./notice.js").Notice} notice
 * @param {import("./words.js").Words} words has "payment_failed" and "payment_failed_title"
 * @param {Error} problem
 * @param {() => void} again
 * @param {import("./notice.js").Action} other what else can be done
 */
export function sayPaymentFailure(notice, words, problem, again, other) {
	if (problem.code !== "ERR_PAYMENT_FAILED") {
		sayFailure(notice, words, problem, again);
		return;
	}
	const actions = [{ label: words.say("try_again"), act: again }, other];
	const text = [problem.facts.message, words.say("payment_failed")].filter(Boolean).join(" ");
	notice.show(words.say("payment_failed_title"), text, { actions });
}
