"""Photos as small squares: every kind of picture, and everything that is none."""

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from clinic_booking.clinic_booking.squares import LARGEST_FILE, NotAPhoto, logo, squares

RED, BLUE = (200, 30, 30), (30, 30, 200)


def a_file(size=(640, 480), kind="JPEG", mode="RGB", colour=RED, **options):
	file = BytesIO()
	Image.new(mode, size, colour).save(file, kind, **options)
	return file.getvalue()


def opened(content):
	return Image.open(BytesIO(content))


def test_photo_becomes_squares_of_the_sizes_in_use():
	"""UI-1: three WebPs, and a JPEG for whoever shows the page elsewhere, each small."""
	made = squares(a_file())
	kinds = {size: (opened(content).format, opened(content).size) for size, content in made.items()}
	assert kinds == {
		"96": ("WEBP", (96, 96)),
		"192": ("WEBP", (192, 192)),
		"384": ("WEBP", (384, 384)),
		"share": ("JPEG", (600, 600)),
	}
	noise = Image.effect_noise((2000, 3000), 40).convert("RGB")
	file = BytesIO()
	noise.save(file, "JPEG")
	assert len(squares(file.getvalue())["192"]) < 20_000


@pytest.mark.parametrize(
	("kind", "mode", "colour"),
	[
		("PNG", "RGB", RED),
		("PNG", "RGBA", (*RED, 255)),
		("PNG", "L", 90),
		("PNG", "P", 3),
		("PNG", "1", 1),
		("PNG", "I;16", 4000),
		("JPEG", "CMYK", (0, 200, 200, 20)),
		("JPEG", "L", 90),
		("WEBP", "RGBA", (*RED, 128)),
		("GIF", "P", 3),
	],
)
def test_every_kind_of_picture(kind, mode, colour):
	"""UI-1: whatever mode the file has."""
	assert opened(squares(a_file(kind=kind, mode=mode, colour=colour))["96"]).size == (96, 96)


def test_see_through_parts_are_white():
	"""UI-1: nothing black appears where there was nothing."""
	content = squares(a_file(kind="PNG", mode="RGBA", colour=(0, 0, 0, 0)))["share"]
	darkest, _lightest = opened(content).convert("L").getextrema()
	assert darkest > 245


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 3), (96, 96)])
def test_any_shape(size):
	"""UI-1: tiny, long and narrow ones fill the square too."""
	assert opened(squares(a_file(size))["192"]).size == (192, 192)


def test_camera_s_notes_are_left_out_and_its_turn_is_made():
	"""SE-4: where a photo was taken is nobody's business; upright as it was held."""
	picture = Image.new("RGB", (400, 400), RED)
	picture.paste(BLUE, (0, 0, 400, 120))
	exif = Image.Exif()
	exif[0x0112] = 3  # upside down
	exif[0x010E] = "at home"
	file = BytesIO()
	picture.save(file, "JPEG", exif=exif)
	made = squares(file.getvalue())
	shown = opened(made["share"])
	red, _green, blue = shown.getpixel((300, 590))
	assert blue > red
	assert all(not opened(content).getexif() for content in made.values())
	assert not any(b"at home" in content for content in made.values())


@pytest.mark.parametrize(
	("size", "small"), [((2000, 400), (540, 108)), ((4000, 100), (640, 16)), ((50, 20), (50, 20))]
)
def test_logo_keeps_its_shape_and_what_is_see_through(size, small):
	"""UI-1: small, never stretched, on any background."""
	shown = opened(logo(a_file(size, kind="PNG", mode="RGBA", colour=(0, 0, 0, 0))))
	assert (shown.format, shown.size) == ("PNG", small)
	assert shown.convert("RGBA").getpixel((1, 1))[3] == 0


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_logo_tells_nothing_of_its_camera(kind):
	"""SE-4: as photos."""
	exif = Image.Exif()
	exif[0x010E] = "at home"
	assert b"at home" not in logo(a_file(kind=kind, exif=exif))


def test_logo_that_is_none_is_refused():
	"""IN-9: broken files and drawings."""
	for content in (b"", SVG, a_file()[:100]):
		with pytest.raises(NotAPhoto):
			logo(content)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
	"content",
	[
		b"",
		b"hello",
		SVG,
		b"<html><script>alert(1)</script>",
		b"%PDF-1.4",
		a_file(kind="BMP"),
		a_file(kind="TIFF"),
		a_file()[:200],
		a_file(kind="PNG")[:60],
		b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
		b"GIF89a" + b"\xff" * 20,
		b"\xff\xd8\xff\xe0" + b"\0" * LARGEST_FILE,
	],
	ids=["empty", "text", "svg", "html", "pdf", "bmp", "tiff", "cut", "cut png", "zeros", "gif", "huge"],
)
def test_what_is_no_photo_is_refused(content):
	"""IN-9: broken, huge and other files are one clear answer."""
	with pytest.raises(NotAPhoto):
		squares(content)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_small_file_that_unfolds_to_a_huge_picture(kind):
	"""IN-9: a decompression bomb is refused by what its header says, before it is unfolded."""
	bomb = a_file(
		(5_100, 5_100), kind=kind, mode="L" if kind == "PNG" else "P" if kind == "GIF" else "RGB", colour=0
	)
	assert len(bomb) < 1_000_000
	with pytest.raises(NotAPhoto):
		squares(bomb)


KINDS = [
	a_file((48, 40)),
	a_file((48, 40), "PNG"),
	a_file((48, 40), "WEBP"),
	a_file((48, 40), "GIF", "P", 3),
]


@settings(deadline=None, max_examples=60)
@given(
	st.sampled_from(KINDS),
	st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=20),
)
def test_broken_bytes_never_break_us(content, changes):
	"""IN-9: whatever is wrong inside a file, it is a picture or it is refused."""
	broken = bytearray(content)
	for where, value in changes:
		broken[int(where * len(broken))] = value
	with suppress(NotAPhoto):
		assert opened(squares(bytes(broken))["96"]).size == (96, 96)
