/**
 * Whether a number may be one, by how long numbers of the clinic's country are, and how it reads from anywhere. The
 * server knows them all; what is refused here, it refuses too.
 */

const SHORTEST_ABROAD = 6;
const LONGEST_ABROAD = 17;
const FEWEST_DIGITS = 3;

/**
 * @typedef {{code: string, abroad: string, prefix: string, lengths: number[]}} PhoneLengths `abroad`, a pattern, is
 * dialled for another country, `prefix` within this one
 */

/**
 * @param {string} typed
 * @param {PhoneLengths | null} country of the clinic
 * @returns {boolean}
 */
export function mayBePhone(typed, country) {
	const text = typed.normalize("NFKC");
	const number = digitsOf(text);
	if (/\p{L}/u.test(text) || number.length < FEWEST_DIGITS) {
		return false;
	}
	if (!country || !isPlain(number)) {
		return true;
	}
	const abroad = dialledAbroad(text, number, country);
	return abroad ? isAbroad(abroad, country) : fits(number, country) || startsAndFits(number, country.code, country);
}

/**
 * @param {string} typed what may be a number
 * @param {PhoneLengths | null} country of the clinic
 * @returns {string} `+44 722 333 444` of `0722 333 444` in Britain; one that names its country as it was typed
 */
export function inFull(typed, country) {
	const text = typed.normalize("NFKC");
	const number = digitsOf(text);
	if (!country || !isPlain(number) || dialledAbroad(text, number, country)) {
		return typed;
	}
	const groups = text.replace(/\D+/g, " ").trim();
	if (!fits(number, country)) {
		return `+${groups}`;
	}
	const { code, prefix, lengths } = country;
	const hasPrefix = lengths.includes(withoutPrefix(number, prefix).length);
	return `+${code} ${hasPrefix ? groups.replace(new RegExp(`^${[...prefix].join(" ?")} ?`), "") : groups}`;
}

function digitsOf(text) {
	return (text.match(/\p{Nd}/gu) || []).join("");
}

/** Not digits of another script: their values are the server's to know. */
function isPlain(number) {
	return /^[0-9]*$/.test(number);
}

/** What follows a + or what is dialled there for another country; undefined where there is neither. */
function dialledAbroad(text, number, country) {
	if (/^[^\d+]*\+/.test(text)) {
		return number;
	}
	const [start] = number.match(`^(?:${country.abroad})(?=[1-9])`) || [];
	return start && number.slice(start.length);
}

/** With the country's code in front: of this country, or of another whose lengths nobody here knows. */
function isAbroad(number, country) {
	if (number.startsWith(country.code)) {
		return startsAndFits(number, country.code, country);
	}
	return number.length >= SHORTEST_ABROAD && number.length <= LONGEST_ABROAD;
}

function startsAndFits(number, start, country) {
	return number.startsWith(start) && fits(number.slice(start.length), country);
}

function fits(number, { prefix, lengths }) {
	return lengths.includes(number.length) || lengths.includes(withoutPrefix(number, prefix).length);
}

function withoutPrefix(number, prefix) {
	return prefix && number.startsWith(prefix) ? number.slice(prefix.length) : number;
}
