import pytest

from clinic_booking.clinic_booking.slug import free_slug, is_slug, slug_of
from tests.builders import a_clinic


@pytest.mark.parametrize(
	("title", "slug"),
	[
		("Clinica Sfânta Maria", "clinica-sfanta-maria"),
		("Łódź – Straße, 3rd floor", "lodz-strasse-3rd-floor"),
		("O'Brien & Sons", "obrien-sons"),
		("  --  ", ""),
		("医院", ""),
	],
)
def test_slug_keeps_ascii_words(title, slug):
	"""IN-1: any name makes an address of small letters, digits and dashes."""
	assert slug_of(title) == slug
	assert is_slug(slug) == bool(slug)


def test_taken_slugs_are_numbered():
	"""IN-1: two of one title are two addresses; one without a letter to keep is called what it is."""
	first, second, third = (a_clinic(title="North Side") for _ in range(3))
	assert (first.name, second.name, third.name) == ("north-side", "north-side-2", "north-side-3")
	assert free_slug("Clinic", "医院") == "clinic"
