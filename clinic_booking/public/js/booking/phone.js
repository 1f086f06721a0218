/**
 * Whether a number may be one, by how long numbers of the clinic's country are. The server knows them all;
 * what is refused here, it refuses too.
 */

const SHORTEST_ABROAD = 6;
const LONGEST_ABROAD = 17;
const FEWEST_DIGITS = 3;

/** @typedef {{code: string, prefix: string, lengths: number[]}} PhoneLengths `prefix` is dialled within the country */

/**
 * @param {string} typed
 * @param {PhoneLengths | null} country of the clinic
 * @returns {boolean}
 */
export function mayBePhone(typed, country) {
	const text = typed.normalize("NFKC");
	const digits = text.match(/\p{Nd}/gu) || [];
	const number = digits.join("");
	if (/\p{L}/u.test(text) || digits.length < FEWEST_DIGITS) {
		return false;
	}
	if (!country || /[^0-9]/.test(number)) {
		// Digits of another script: their values are the server's to know.
		return true;
	}
	if (/^[^\d+]*\+/.test(text)) {
		return isAbroad(number, country);
	}
	const isHere = fits(number, country) || startsAndFits(number, country.code, country);
	return isHere || (number.startsWith("0") && isAbroad(number.replace(/^0+/, ""), country));
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
	const bare = prefix && number.startsWith(prefix) ? number.slice(prefix.length) : number;
	return lengths.includes(number.length) || lengths.includes(bare.length);
}
