"""Portraits for the demo clinic's doctors, drawn: nobody's face, and nobody's picture."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

SIZE = 640
# Drawn larger and made smaller: Pillow's own edges are jagged.
SCALE = 2


@dataclass(frozen=True)
class Portrait:
	"""Colours (`#rrggbb`); `hair_length` from 0 (short) to 1 (over the shoulders)."""

	paper: str
	skin: str
	hair: str
	clothes: str
	hair_length: float = 0.0
	beard: bool = False
	glasses: bool = False


def draw(portrait: Portrait) -> bytes:
	"""A PNG, 640 by 640."""
	picture = Image.new("RGB", (SIZE * SCALE, SIZE * SCALE), portrait.paper)
	pen = _Pen(ImageDraw.Draw(picture))
	if portrait.hair_length:
		pen.rounded(190, 150, 450, 300 + 260 * portrait.hair_length, 120, portrait.hair)
	_draw_body(pen, portrait)
	_draw_head(pen, portrait)
	file = BytesIO()
	picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
	return file.getvalue()


def _draw_body(pen: "_Pen", portrait: Portrait) -> None:
	pen.rounded(275, 390, 365, 520, 40, portrait.skin)
	pen.ellipse(110, 480, 530, 860, portrait.clothes)
	pen.polygon([(255, 486), (320, 580), (385, 486)], "#ffffff")
	pen.polygon([(278, 478), (320, 545), (362, 478)], portrait.skin)


def _draw_head(pen: "_Pen", portrait: Portrait) -> None:
	pen.ellipse(215, 150, 425, 300, portrait.hair)
	pen.ellipse(225, 170, 415, 440, portrait.skin)
	if portrait.beard:
		pen.chord(225, 170, 415, 452, 12, 168, portrait.hair)
		pen.ellipse(272, 310, 368, 400, portrait.skin)
	pen.chord(215, 140, 425, 330, 190, 350, portrait.hair)
	for middle in (277, 363):
		pen.ellipse(middle - 9, 292, middle + 9, 310, "#2b2b2b")
		if portrait.glasses:
			pen.ring(middle - 32, 270, middle + 32, 334, "#2b2b2b")
	if portrait.glasses:
		pen.line([(309, 300), (331, 300)], "#2b2b2b")
	pen.arc(285, 330, 355, 385, 25, 155, "#9c4a3f")


class _Pen:
	"""Pillow's pen in the portrait's own measures."""

	def __init__(self, pen: ImageDraw.ImageDraw):
		self.pen = pen

	def ellipse(self, *box_and_colour) -> None:
		*box, colour = box_and_colour
		self.pen.ellipse(_scaled(box), fill=colour)

	def rounded(self, left, top, right, bottom, radius, colour) -> None:
		self.pen.rounded_rectangle(_scaled((left, top, right, bottom)), radius * SCALE, fill=colour)

	def chord(self, left, top, right, bottom, start, end, colour) -> None:
		self.pen.chord(_scaled((left, top, right, bottom)), start, end, fill=colour)

	def ring(self, left, top, right, bottom, colour) -> None:
		self.pen.ellipse(_scaled((left, top, right, bottom)), outline=colour, width=5 * SCALE)

	def arc(self, left, top, right, bottom, start, end, colour) -> None:
		self.pen.arc(_scaled((left, top, right, bottom)), start, end, fill=colour, width=7 * SCALE)

	def line(self, points, colour) -> None:
		self.pen.line([tuple(_scaled(point)) for point in points], fill=colour, width=5 * SCALE)

	def polygon(self, points, colour) -> None:
		self.pen.polygon([tuple(_scaled(point)) for point in points], fill=colour)


def _scaled(measures) -> list[float]:
	return [measure * SCALE for measure in measures]
