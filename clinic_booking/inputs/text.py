"""Text that people type, and the names of records (IN-1, SE-3).

Text is brought to Unicode NFC and trimmed. Marks that turn the direction of what follows (U+202A to
U+202E, U+2066 to U+2069) are taken out: nobody sees them in a field or types them on purpose, they come
along when copying from an address book, and on the desk they would make a name read as another.
The plain marks (U+200E, U+200F, U+061C), which only help neighbours to order, stay.
"""

import unicodedata
from typing import Annotated, Any

from pydantic import BeforeValidator

from clinic_booking.errors import _
from clinic_booking.inputs.model import MESSAGES, MUST_BE_TEXT, NOT_VALID, refused

DIRECTION_MARKS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# Letters and symbols by their class that show nothing: Hangul fillers and the empty Braille pattern.
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Control characters, line and paragraph separators, and halves of UTF-16 pairs, which UTF-8 can't carry.
UNPRINTABLE = frozenset(("Cc", "Cs", "Zl", "Zp"))


def cleaned(value: Any, longest: int, message: str, breaks: bool = False) -> str:
	"""`value` in NFC, trimmed, without direction marks; refused when unprintable or longer."""
	if not isinstance(value, str):
		raise refused(MUST_BE_TEXT)
	# NFC never makes it shorter than a quarter: what is longer is too long whatever it holds.
	if len(value) > 4 * longest + 100:
		raise refused(message)
	text = value.translate(DIRECTION_MARKS)
	if breaks:
		text = text.replace("\r\n", "\n").replace("\r", "\n")
	if not text.isascii():
		text = unicodedata.normalize("NFC", text)
	text = text.strip()
	if any(
		unicodedata.category(letter) in UNPRINTABLE for letter in text if not (breaks and letter in "\n\t")
	):
		raise refused(_("This contains characters that cannot be used here."))
	if len(text) > longest:
		raise refused(message)
	return text


def _name(value: Any) -> str:
	message = _("Please give a name of 2 to 140 characters.")
	text = cleaned(value, 140, message)
	# Accents ride on the letter before them; format characters and blanks show nothing.
	visible = sum(unicodedata.category(letter)[0] not in "CMZ" and letter not in BLANKS for letter in text)
	if visible < 2:
		raise refused(message)
	return text


def _text(longest: int, message: str, breaks: bool = False, shortest: int = 0) -> BeforeValidator:
	def checked(value: Any) -> str:
		text = cleaned(value, longest, message, breaks)
		if len(text) < shortest:
			raise refused(MESSAGES["missing"])
		return text

	return BeforeValidator(checked)


Name = Annotated[str, BeforeValidator(_name)]
"""A person's name: 2 to 140 visible characters, of any script; no control characters or line breaks."""

Note = Annotated[str, _text(2000, _("Please use at most 2,000 characters."), breaks=True)]
"""What a patient writes when booking: at most 2,000 characters, line breaks as "\\n"; may be empty."""

Reason = Annotated[str, _text(500, _("Please use at most 500 characters."), breaks=True)]
"""Why: at most 500 characters; may be empty."""

Search = Annotated[str, _text(140, _("Please use at most 140 characters."))]
"""Words to look for: at most 140 characters; may be empty."""

RecordName = Annotated[str, _text(140, NOT_VALID, shortest=1)]
"""The name of a doctor, service, clinic … as our calls return it: 1 to 140 characters."""

Slug = Annotated[str, _text(140, NOT_VALID, shortest=1)]
"""A doctor's part of an address: 1 to 140 characters."""


def line(longest: int, shortest: int = 0) -> Any:
	"""A type for one line of text of at most `longest` characters."""
	return Annotated[str, _text(longest, MESSAGES["string_too_long"], shortest=shortest)]
