/**
 * Finds the elements that a module works on. A page and its modules agree on names in `data-part`.
 */

export class MissingPart extends Error {
	/** @param {string} name */
	constructor(name) {
		super(`This page has no part "${name}"`);
		this.name = "MissingPart";
	}
}

/**
 * @param {ParentNode} root
 * @param {string} name
 * @returns {HTMLElement}
 */
export function part(root, name) {
	const found = root.querySelector(`[data-part="${name}"]`);
	if (!found) {
		throw new MissingPart(name);
	}
	return /** @type {HTMLElement} */ (found);
}

/**
 * Move the reader to an element: seen, and read out by a screen reader.
 *
 * @param {HTMLElement} element focusable, if only by script
 * @param {HTMLElement} [top] what comes to the top of the screen, if not the element itself
 */
export function goTo(element, top = element) {
	element.focus({ preventScroll: true });
	top.scrollIntoView({ block: "start" });
}
