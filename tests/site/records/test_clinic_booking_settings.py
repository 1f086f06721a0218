import frappe
import pytest

from clinic_booking.pages import data
from tests.site.records.test_photo import a_picture, attached

SETTINGS = "Clinic Booking Settings"


@pytest.fixture
def settings():
	return frappe.get_doc(SETTINGS)


def test_defaults_are_stored_when_installed(settings):
	"""BK-2: what the specification gives is what a new site has."""
	assert (settings.hold_minutes, settings.max_extensions, settings.payment_wait_minutes) == (10, 10, 60)
	assert (settings.limit_read, settings.limit_hold, settings.limit_book) == (300, 60, 100)
	assert settings.consent_version


def test_consent_version_changes_with_its_text_only(settings):
	"""UI-1: a version names one text for good."""
	first = settings.consent_version
	settings.hold_minutes = 15
	assert settings.save().consent_version == first
	settings.consent_text = "I agree to something else."
	second = settings.save().consent_version
	assert second != first


@pytest.mark.parametrize(
	("field", "value"),
	[
		("hold_minutes", 0),
		("hold_minutes", -10),
		("limit_read", -1),
		("trusted_proxies", "10.0.0.0/8\nproxy.example.org"),
		("allowed_origins", "www.example.org"),
		("allowed_origins", "https://www.example.org/book"),
		("late_cancel", "Sometimes"),
	],
)
def test_settings_that_make_no_sense_are_refused(settings, field, value):
	"""SE-2: a mistake in the settings shows when they are saved."""
	settings.set(field, value)
	with pytest.raises(frappe.ValidationError):
		settings.save()


def test_several_proxies_and_origins(settings):
	"""SE-2: one a line, networks of either kind."""
	settings.trusted_proxies = "10.0.0.0/8\n\n2001:db8::/32\n192.0.2.7"
	settings.allowed_origins = "https://www.example.org\nhttp://localhost:3000"
	assert settings.save()


def test_logo_becomes_a_small_public_picture(settings):
	"""UI-1: also of a private file; another logo takes the first one's away, none takes all away."""
	first = with_logo(settings, attached(a_picture("red", size=(1200, 300)), private=1))
	assert first.startswith("/files/") and first.endswith(".png")
	assert data.brand().logo == first
	second = with_logo(settings, attached(a_picture("blue")))
	assert second != first and not frappe.db.exists("File", {"file_url": first})
	assert not with_logo(settings, None) and not frappe.db.exists("File", {"file_url": second})
	assert data.brand().logo == ""


def test_drawn_and_distant_logos_are_shown_as_they_are(settings):
	"""UI-1: an SVG needs no sizes, and nothing is fetched from an address that somebody typed."""
	for address in (attached(b"<svg/>", "logo.svg"), "https://cdn.example/logo.png"):
		assert not with_logo(settings, address)
		assert data.brand().logo == address


def test_broken_logo_is_refused(settings):
	"""IN-9: with a sentence."""
	settings.logo = attached(b"nothing", "logo.png")
	with pytest.raises(frappe.ValidationError, match="can't be shown as a picture"):
		settings.save()


def with_logo(settings, address):
	settings.logo = address
	settings.save()
	return settings.logo_picture
