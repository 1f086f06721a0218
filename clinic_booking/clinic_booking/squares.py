"""A photo as small square pictures, a logo as a small wide one. Pillow only: bytes in, bytes out."""

from io import BytesIO

from PIL import Image, ImageOps

WEBP_SIZES = (96, 192, 384)
SHARED_SIZE = 600
LARGEST_FILE = 20 * 1024 * 1024
# A file of a few kB can unfold to gigabytes; only JPEGs can be read at a part of their size.
MOST_PIXELS = {"JPEG": 120_000_000, "PNG": 25_000_000, "WEBP": 25_000_000, "GIF": 25_000_000}
# Of what a portrait is higher than wide, this share goes at the top: faces are in the upper half.
ABOVE = 0.2
# A logo is shown 36 high; this is sharp on every screen.
LOGO_BOX = (640, 108)


class NotAPhoto(ValueError):
	"""No picture of a kind and size that can be shown."""


def squares(photo: bytes) -> dict[str, bytes]:
	"""`{"96": WebP, "192": …, "384": …, "share": JPEG}`, upright and without what the camera noted.

	`share` is for whoever shows a page elsewhere: not all of them know WebP. Raises `NotAPhoto`.
	"""
	picture = _upright(photo)
	paper = Image.new("RGBA", picture.size, "white")
	picture = Image.alpha_composite(paper, picture).convert("RGB")
	square = ImageOps.fit(
		picture, (SHARED_SIZE, SHARED_SIZE), Image.Resampling.LANCZOS, centering=(0.5, ABOVE)
	)
	small = {str(size): _saved(square, size, "WEBP", quality=80, method=6) for size in WEBP_SIZES}
	return small | {"share": _saved(square, SHARED_SIZE, "JPEG", quality=82, optimize=True)}


def logo(picture: bytes) -> bytes:
	"""A PNG, which mail programs show as well, that fits into the box, in its own shape, see-through where it was. Raises `NotAPhoto`."""
	upright = _upright(picture)
	upright.thumbnail(LOGO_BOX, Image.Resampling.LANCZOS)
	file = BytesIO()
	upright.save(file, "PNG", optimize=True)
	return file.getvalue()


def _upright(content: bytes) -> Image.Image:
	"""What is in a file, with all its colours, turned as it was held."""
	if len(content) > LARGEST_FILE:
		raise NotAPhoto
	try:
		picture = Image.open(BytesIO(content), formats=tuple(MOST_PIXELS))
		width, height = picture.size
		if width * height > MOST_PIXELS[picture.format]:
			raise NotAPhoto
		picture.draft("RGB", (2 * SHARED_SIZE, 2 * SHARED_SIZE))
		return ImageOps.exif_transpose(picture).convert("RGBA")
	except Exception as error:
		# Broken files make Pillow raise whatever its decoders stumble over.
		raise NotAPhoto from error


def _saved(square: Image.Image, size: int, kind: str, **options) -> bytes:
	file = BytesIO()
	square.resize((size, size), Image.Resampling.LANCZOS).save(file, kind, **options)
	return file.getvalue()
