/**
 * Pays what is open of a booking, on its own page: at the provider's, or by the transfer's details (PY-2, PY-3).
 */

import { post, requestId, tokenOfPage } from "./api.js";
import { Notice } from "./notice.js";
import { OneAtATime } from "./one-at-a-time.js";
import { part } from "./parts.js";
import { sayPaymentFailure } from "./payment-failure.js";
import { Words } from "./words.js";

export class Pay {
	/** @param {HTMLFormElement} root its `data-back` is the booking's own address */
	constructor(root) {
		this.root = root;
		this.words = new Words(root);
		this.notice = new Notice(root);
		this.button = part(root, "confirm");
		this.work = new OneAtATime(part(root, "status"), this.words.say("one_moment"));
	}

	start() {
		this.root.hidden = false;
		this.root.addEventListener("submit", (event) => {
			event.preventDefault();
			this.pay();
		});
		// Back from the provider's page by the browser's own button: it may have been paid.
		addEventListener("pageshow", (event) => event.persisted && location.reload());
	}

	async pay() {
		const given = { payment_method: new FormData(this.root).get("payment_method"), request_id: requestId() };
		await this.work.run(this.button, async () => {
			try {
				const { message } = await post("pay", given, tokenOfPage());
				this.goOn(message.payment);
			} catch (problem) {
				this.onProblem(problem);
			}
		});
	}

	/** @param {{url?: string}} payment as the API's: by a provider, or with what this page shows anew */
	goOn({ url }) {
		if (url) {
			location.assign(url);
		} else {
			history.replaceState(null, "", this.root.dataset.back);
			location.reload();
		}
	}

	/** @param {Error} problem */
	onProblem(problem) {
		const seeIt = { label: this.words.say("see_it"), act: () => location.assign(this.root.dataset.back) };
		if (["ERR_VALIDATION", "ERR_NOT_FOUND", "ERR_HOLD_EXPIRED"].includes(problem.code)) {
			this.notice.show(this.words.say("changed_title"), this.words.say("changed"), { actions: [seeIt] });
		} else {
			sayPaymentFailure(this.notice, this.words, problem, () => this.pay(), seeIt);
		}
	}
}
