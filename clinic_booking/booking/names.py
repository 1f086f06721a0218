"""How names and search words are compared."""

import unicodedata


def comparable(name: str) -> str:
	"""A name as it is compared: without accents, case or extra spaces."""
	decomposed = unicodedata.normalize("NFKD", name)
	letters = "".join(c for c in decomposed if not unicodedata.combining(c))
	return " ".join(letters.casefold().split())
