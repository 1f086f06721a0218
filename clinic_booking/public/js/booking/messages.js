/**
 * How a booking's messages come: on this device, if browser and clinic can, and with reminders or without (NT-2).
 */

import { post, tokenOfPage } from "./api.js";
import { sayFailure } from "./failures.js";
import { Notice } from "./notice.js";
import { OneAtATime } from "./one-at-a-time.js";
import { part } from "./parts.js";
import { Words } from "./words.js";

export class Messages {
	/** @param {HTMLElement} root `data-push-key` is the clinic's public key, empty where it sends none to browsers */
	constructor(root) {
		this.root = root;
		this.token = tokenOfPage();
		this.words = new Words(root);
		this.notice = new Notice(root);
		this.device = part(root, "device");
		this.reminders = part(root, "reminders");
		this.outcome = part(root, "outcome");
		this.work = new OneAtATime(part(root, "status"), this.words.say("one_moment"));
	}

	start() {
		this.root.hidden = false;
		this.device.hidden = !(this.root.dataset.pushKey && isAble());
		this.device.addEventListener("click", () => this.press(this.device, () => this.comeHere()));
		this.reminders.addEventListener("click", () => this.press(this.reminders, () => this.switchReminders()));
		this.nameReminders();
	}

	get isReminded() {
		return this.root.dataset.reminders === "on";
	}

	async press(button, act) {
		this.notice.hide();
		this.outcome.textContent = "";
		await this.work.run(button, async () => {
			try {
				await act();
			} catch (problem) {
				sayFailure(this.notice, this.words, problem, () => this.press(button, act));
			}
		});
	}

	async comeHere() {
		const subscription = await subscribed(this.root.dataset.worker, this.root.dataset.pushKey);
		if (!subscription) {
			this.outcome.textContent = this.words.say("blocked");
			return;
		}
		await post("subscribe", { subscription: subscription.toJSON() }, this.token);
		await post("preferences", { channel: "push" }, this.token);
		this.device.hidden = true;
		this.outcome.textContent = this.words.say("here");
	}

	async switchReminders() {
		await post("preferences", { unsubscribe: this.isReminded }, this.token);
		this.root.dataset.reminders = this.isReminded ? "off" : "on";
		this.nameReminders();
		this.outcome.textContent = this.words.say(this.isReminded ? "reminded" : "not_reminded");
	}

	nameReminders() {
		this.reminders.textContent = this.words.say(this.isReminded ? "no_reminders" : "reminders");
	}
}

function isAble() {
	return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/**
 * @param {string} worker address of the service worker
 * @param {string} key the public key that may write to this browser
 * @returns {Promise<PushSubscription | null>} null where the visitor or the browser says no
 */
async function subscribed(worker, key) {
	if ((await Notification.requestPermission()) !== "granted") {
		return null;
	}
	try {
		const { pushManager } = await active(await navigator.serviceWorker.register(worker));
		const before = await pushManager.getSubscription();
		// It may be to a key that the clinic no longer has.
		await before?.unsubscribe();
		return await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
	} catch (refusal) {
		return null;
	}
}

/**
 * The worker's scope is its own folder, so `navigator.serviceWorker.ready` would never come.
 *
 * @param {ServiceWorkerRegistration} registration
 * @returns {Promise<ServiceWorkerRegistration>} once it can take messages
 */
function active(registration) {
	const worker = registration.installing || registration.waiting;
	return new Promise((resolve) => {
		if (!worker || registration.active) {
			resolve(registration);
		}
		worker?.addEventListener("statechange", () => worker.state === "activated" && resolve(registration));
	});
}
