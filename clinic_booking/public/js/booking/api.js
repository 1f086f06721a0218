/**
 * Calls the public API (docs: API). One function, one class of problem.
 */

const ADDRESS = "/api/method/clinic_booking.api.public.";
const SECOND = 1000;
const PATIENCE = 20 * SECOND;
const SECOND_TRY_AFTER = 800;

/** What went wrong with a call: the API's code, or `UNREACHABLE` when no answer came. */
export class Problem extends Error {
	/**
	 * @param {string} code `ERR_…` or `UNREACHABLE`
	 * @param {Record<string, any>} [facts] `alternatives`, `fields`, `retry_after`, `reference`
	 */
	constructor(code, facts = {}) {
		super(code);
		this.name = "Problem";
		this.code = code;
		this.facts = facts;
	}
}

/**
 * @typedef {object} Answer
 * @property {any} message what the call returns
 * @property {number} ahead milliseconds by which the server's clock is ahead of ours
 */

/**
 * POST a call. One with a `request_id` that got no answer is sent once more: the server does it once.
 *
 * @param {string} name
 * @param {Record<string, any>} given
 * @param {string | null} [token] goes into a header, which no log keeps
 * @returns {Promise<Answer>}
 */
export async function post(name, given, token = null) {
	const request = {
		method: "POST",
		headers: { ...headers(token), "Content-Type": "application/json" },
		body: JSON.stringify(given),
	};
	try {
		return await send(ADDRESS + name, request);
	} catch (problem) {
		if (problem.code !== "UNREACHABLE" || !given.request_id) {
			throw problem;
		}
		await new Promise((resolve) => setTimeout(resolve, SECOND_TRY_AFTER));
		return send(ADDRESS + name, request);
	}
}

/**
 * GET a call that only needs the token.
 *
 * @param {string} name
 * @param {string} token
 * @returns {Promise<Answer>}
 */
export async function get(name, token) {
	return send(ADDRESS + name, { method: "GET", headers: headers(token) });
}

/**
 * A random UUID. `crypto.randomUUID` is missing where a clinic tries the app over plain HTTP.
 *
 * @returns {string}
 */
export function requestId() {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	bytes[6] = (bytes[6] & 0x0f) | 0x40;
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
	const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
	return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** @returns {string} the token in the address of a booking's own page */
export function tokenOfPage() {
	return decodeURIComponent(location.pathname.split("/")[2]);
}

/** @param {string | null} token */
function headers(token) {
	const session = document.querySelector('meta[name="csrf-token"]');
	return {
		Accept: "application/json",
		...(token ? { "X-Booking-Token": token } : {}),
		...(session ? { "X-Frappe-CSRF-Token": session.getAttribute("content") } : {}),
	};
}

async function send(address, request) {
	const started = new AbortController();
	const patience = setTimeout(() => started.abort(), PATIENCE);
	let response, body;
	try {
		// Not mode "same-origin": with the page's no-referrer policy that would send `Origin: null`.
		// keepalive: leaving the page right after a press (a time let go) does not take the call back.
		response = await fetch(address, {
			...request,
			cache: "no-store",
			keepalive: true,
			signal: started.signal,
		});
		body = await response.json();
	} catch (failure) {
		// An answer that is not JSON comes from something between us and the clinic's server.
		throw new Problem("UNREACHABLE");
	} finally {
		clearTimeout(patience);
	}
	if (!response.ok || body.error) {
		const { code = "ERR_INTERNAL", ...facts } = body.error || {};
		throw new Problem(code, facts);
	}
	return { message: body.message, ahead: ahead(response) };
}

/**
 * The header leaves out parts of a second; we take it as the latest it can be, so that no time is
 * shown as kept when it is not.
 *
 * @param {Response} response
 */
function ahead(response) {
	const server = Date.parse(response.headers.get("Date") || "") + SECOND;
	return Number.isNaN(server) ? 0 : server - Date.now();
}
