/**
 * One call at a time; what was pressed shows that it works, and a second press does nothing.
 */

export class OneAtATime {
	/**
	 * @param {HTMLElement} status says that something is under way
	 * @param {string} text what it says
	 */
	constructor(status, text) {
		this.status = status;
		this.text = text;
		this.isBusy = false;
	}

	/**
	 * @param {HTMLElement | null | undefined} pressed
	 * @param {() => Promise<void>} work
	 */
	async run(pressed, work) {
		if (this.isBusy) {
			return;
		}
		this.isBusy = true;
		this.status.textContent = this.text;
		pressed?.setAttribute("aria-busy", "true");
		try {
			await work();
		} finally {
			this.isBusy = false;
			this.status.textContent = "";
			pressed?.removeAttribute("aria-busy");
		}
	}
}
