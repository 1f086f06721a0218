/**
 * Shows a booking's messages on this device, also while no page is open, and opens the booking when pressed.
 *
 * A message is `{title, body, url, tag, lang}`; one with a tag that is shown already takes its place.
 */

self.addEventListener("push", (event) => {
	const { title, body, url, tag, lang } = event.data.json();
	event.waitUntil(self.registration.showNotification(title, { body, tag, lang, data: { url } }));
});

self.addEventListener("notificationclick", (event) => {
	event.notification.close();
	const address = new URL(event.notification.data.url);
	if (address.origin === self.location.origin) {
		event.waitUntil(self.clients.openWindow(address.href));
	}
});
