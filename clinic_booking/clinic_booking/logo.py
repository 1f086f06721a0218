"""The clinic's logo as pages and e-mails show it: a small public picture beside the one that was attached (UI-1)."""

from clinic_booking.clinic_booking import attachments, squares

# Shown as they are: pictures elsewhere, of which nothing is fetched, an app's own, and drawings.
AS_THEY_ARE = ("https://", "/assets/")
DRAWING = ".svg"


def read(settings) -> None:
	"""Before the settings are saved: make the picture of a new logo, or refuse it."""
	before = settings.get_doc_before_save()
	# REST may write what a form shows read-only.
	settings.logo_picture = before.logo_picture if before else None
	if not settings.has_value_changed("logo"):
		return
	settings.logo_picture = None
	if settings.logo and not _is_shown_as_it_is(settings.logo):
		content = attachments.pictured(settings.logo, squares.logo)
		settings.logo_picture = attachments.publish(settings, "clinic-logo", "png", content)


def keep(settings) -> None:
	"""After the settings are saved: the old picture goes."""
	before = settings.get_doc_before_save()
	if before and before.logo_picture and before.logo_picture != settings.logo_picture:
		attachments.remove(settings, before.logo_picture)


def _is_shown_as_it_is(address: str) -> bool:
	return address.startswith(AS_THEY_ARE) or address.lower().endswith(DRAWING)
