/**
 * Copies a text that has to be typed elsewhere, as an account's number.
 */

const SAID_FOR = 3000;

export class Copy {
	/** @param {HTMLButtonElement} root what is copied is its `data-text`, what is said then its `data-done` */
	constructor(root) {
		this.root = root;
		this.label = [...root.childNodes];
	}

	start() {
		// Browsers only let pages do it that came by HTTPS.
		this.root.hidden = !navigator.clipboard;
		this.root.setAttribute("aria-live", "polite");
		this.root.addEventListener("click", async () => {
			await navigator.clipboard.writeText(this.root.dataset.text);
			this.root.textContent = this.root.dataset.done;
			setTimeout(() => this.root.replaceChildren(...this.label), SAID_FOR);
		});
	}
}
