"""The texts that patients read, found in the code, and their catalogues brought up to date.

	python -m tests.texts

writes `clinic_booking/locale/main.pot` and adds to each language's catalogue, and to those of the demo
clinic, what they have not got yet, untranslated; what nobody says any more is taken out.
"""

import ast
import json
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from clinic_booking.setup import demo_clinic, demo_doctors

APP = Path(__file__).parents[1] / "clinic_booking"
LOCALE = APP / "locale"
DEMO = APP / "setup/demo_locale"
LANGUAGES = ("ro", "es", "fr")
PROFILE = ("bio", "expertise", "approach", "education", "credentials", "answer_time")
# What patients meet: these and all that they import. The rest only staff read, in their desk's language.
DOORS = (
	"api/public.py",
	"api/after.py",
	"pages/renderer.py",
	"messaging/calendar_file.py",
	"messaging/letters.py",
)
TEMPLATES = APP / "pages/templates"
# What staff read: alerts, raised by what patients do, and what is missing in the settings.
STAFF = (
	*("api/limits.py", "messaging/browser_keys.py", "messaging/twilio_settings.py"),
	*("messaging/outages.py", "messaging/site_address.py"),
	*("billing/looks.py", "billing/stripe_account.py"),
)
# What a clinic finds in its settings, and patients read until it says something else.
SETTINGS = APP / "clinic_booking/doctype/clinic_booking_settings/clinic_booking_settings.json"
DEFAULTS = ("consent_text", "newsletter_text", "answer_time")
KEYWORDS = dict.fromkeys(("_", "marked"))
PLACEHOLDER = re.compile(r"\{\{ \w+ \}\}|\{\w*\}")
HEADER = """msgid ""
msgstr ""
{}"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def sources() -> list[Path]:
	"""The modules that patients' calls run through, and the templates."""
	found, waiting = set(), {APP / door for door in DOORS}
	while waiting:
		path = waiting.pop()
		found.add(path)
		waiting |= set(_imported_by(path)) - found
	return sorted((found - {APP / path for path in STAFF}) | set(TEMPLATES.glob("*.html")))


def _imported_by(path: Path) -> list[Path]:
	names = []
	for node in ast.walk(ast.parse(path.read_text())):
		if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(APP.name):
			names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
	places = [APP.parent / name.replace(".", "/") for name in names]
	files = [file for place in places for file in (place.with_suffix(".py"), place / "__init__.py")]
	return [file for file in files if file.exists()]


def texts() -> dict[str, list[str]]:
	"""Each text with the files, from the repository's root, that say it."""
	found = {}
	for field in json.loads(SETTINGS.read_text())["fields"]:
		if field["fieldname"] in DEFAULTS and field.get("default"):
			found[field["default"]] = [SETTINGS.relative_to(APP.parent).as_posix()]
	for path in sources():
		method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
		options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
		for _line, text, _comments, _context in extract_from_file(method, path, KEYWORDS, options=options):
			if text:
				found.setdefault(text, []).append(path.relative_to(APP.parent).as_posix())
	return found


def of_the_demo() -> dict[str, list[str]]:
	"""What the demo clinic says of itself, as `texts`: its records are translated by records (`setup/demo_locale`)."""
	services = [service[field] for service in demo_clinic.SERVICES for field in ("title", "description")]
	clinic = [demo_clinic.LOOK["welcome_text"], *demo_clinic.SPECIALTIES, *services]
	doctors = [doctor[field] for doctor in demo_doctors.DOCTORS for field in PROFILE if field in doctor]
	questions = [text for doctor in demo_doctors.DOCTORS for each in doctor.get("faq", ()) for text in each]
	return {text: ["clinic_booking/setup/demo_clinic.py"] for text in clinic} | {
		text: ["clinic_booking/setup/demo_doctors.py"] for text in [*doctors, *questions]
	}


def catalogue(language: str, folder: Path = LOCALE) -> Catalog:
	with (folder / f"{language}.po").open("rb") as file:
		return read_po(file, locale=language)


def template(said: dict[str, list[str]]) -> Catalog:
	"""All texts, untranslated."""
	catalog = Catalog()
	for text, files in said.items():
		catalog.add(text, locations=[(file, None) for file in dict.fromkeys(files)])
	return catalog


def update(everything: Catalog, folder: Path) -> None:
	"""Write each language's catalogue with what it has not got yet left untranslated."""
	for language in LANGUAGES:
		found = catalogue(language, folder)
		known = Catalog(locale=language)
		for message in everything:
			if message.id:
				translated = found.get(message.id)
				known.add(message.id, translated.string if translated else "", message.locations)
		write(known, folder / f"{language}.po")


def write(catalog: Catalog, path: Path) -> None:
	"""Sorted, without lines and dates: a file changes when a text does, and not with every run."""
	# A language that is empty is an error to the Babel that Frappe brings.
	language = f'"Language: {catalog.locale_identifier}\\n"\n' if catalog.locale else ""
	for message in catalog:
		# Newer Babels say so of every text with {0}.
		message.flags.discard("python-brace-format")
	with path.open("wb") as file:
		file.write(HEADER.format(language).encode())
		write_po(file, catalog, sort_output=True, omit_header=True, include_lineno=False, width=110)


if __name__ == "__main__":
	everything = template(texts())
	write(everything, LOCALE / "main.pot")
	update(everything, LOCALE)
	update(template(of_the_demo()), DEMO)
