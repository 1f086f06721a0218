/**
 * What is said about problems that have nothing to do with the time asked for: the connection, limits,
 * the session, the server.
 */

import { Problem } from "./api.js";

const MINUTE = 60;

/**
 * @param {import("./notice.js").Notice} notice
 * @param {import("./words.js").Words} words
 * @param {Error} problem thrown again if it is none of the API's
 * @param {() => void} again what a new try does
 */
export function sayFailure(notice, words, problem, again) {
	if (!(problem instanceof Problem)) {
		throw problem;
	}
	const { code, facts } = problem;
	const tryAgain = { label: words.say("try_again"), act: again };
	const reload = { label: words.say("try_again"), act: () => location.reload() };
	if (code === "ERR_RATE_LIMITED" && facts.retry_after === 0) {
		// No waiting helps; the server says what does.
		notice.show(words.say("limited_title"), facts.message, { actions: [tryAgain] });
	} else if (code === "ERR_RATE_LIMITED") {
		const wait = words.duration(facts.retry_after || MINUTE);
		notice.show(words.say("limited_title"), words.say("limited", wait), { actions: [tryAgain] });
	} else if (code === "ERR_FORBIDDEN" || code === "ERR_UNAUTHORIZED") {
		notice.show(words.say("refused_title"), words.say("refused"), { actions: [reload] });
	} else if (code === "UNREACHABLE") {
		notice.show(words.say("offline_title"), words.say("offline"), { actions: [tryAgain] });
	} else {
		const reference = facts.reference ? ` ${words.say("failed_reference", facts.reference)}` : "";
		notice.show(words.say("failed_title"), words.say("failed") + reference, { actions: [tryAgain] });
	}
}
