"""Our scripts and styles, addressed by what is in them. Standard library only.

Web servers in front of Frappe let browsers keep `/assets` for a year, so the address carries a hash
of the contents. Modules import each other by plain relative names, which work anywhere; an import
map gives each of those names its address with the hash. A page preloads the modules that it will need,
those that these import included, or each would be found only when the one before has come.
"""

import base64
import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

PUBLIC = Path(__file__).parent.parent / "public"
ADDRESS = "/assets/clinic_booking/"
STYLES = tuple(
	f"css/{part}.css"
	for part in ("tokens", "page", "controls", "cards", "times", "booking", "messages", "facts")
)
MODULES = "js/booking"
ENTRY = "js/booking/index.js"
ICON = "images/icon.svg"
IMPORTED = re.compile(r'from "\./([\w-]+)\.js"')


class Assets:
	"""The addresses of one state of the files under `public`."""

	def __init__(self, public: Path = PUBLIC):
		self.public = public
		modules = sorted(path.relative_to(public).as_posix() for path in (public / MODULES).glob("*.js"))
		self.addresses = {name: self._address(name) for name in (*STYLES, ICON, *modules)}
		self.styles = [self.addresses[name] for name in STYLES]
		self.icon = self.addresses[ICON]
		self.entry = self.addresses[ENTRY]
		self.imports = {name: IMPORTED.findall((public / name).read_text()) for name in modules}
		self.import_map = json.dumps({"imports": {ADDRESS + name: self.addresses[name] for name in modules}})
		digest = hashlib.sha256(self.import_map.encode()).digest()
		# What the content security policy must name for the one inline script to be read.
		self.import_map_hash = "sha256-" + base64.b64encode(digest).decode()

	def needed(self, *names: str) -> list[str]:
		"""The addresses of the modules with these names and of all that they import, for preloading."""
		found, left = set(), [*names]
		while left:
			name = f"{MODULES}/{left.pop()}.js"
			if name not in found:
				found.add(name)
				left += self.imports[name]
		return [self.addresses[name] for name in sorted(found)]

	def _address(self, name: str) -> str:
		digest = hashlib.sha256((self.public / name).read_bytes()).hexdigest()
		return f"{ADDRESS}{name}?v={digest[:10]}"


@lru_cache(maxsize=1)
def assets() -> Assets:
	"""The files as this process found them; a new release starts new processes."""
	return Assets()
