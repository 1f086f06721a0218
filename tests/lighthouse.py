"""What Lighthouse says of the public pages: python tests/lighthouse.py http://localhost:8000

Wants a running demo clinic (bin/serve), npx and Chromium. Ends with an error where a page has less than 95.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from urllib.request import urlopen

LEAST = 95
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = "--headless=new --no-sandbox --disable-gpu"


def scores(address: str) -> dict[str, int]:
	"""Points by category, 0 to 100, on Lighthouse's own phone with its slow 4G."""
	command = [
		"npx",
		"--yes",
		"lighthouse@12",
		address,
		"--quiet",
		"--output=json",
		f"--chrome-flags={FLAGS}",
	]
	chrome = next(filter(None, map(shutil.which, BROWSERS)))
	done = subprocess.run(
		command, env=os.environ | {"CHROME_PATH": chrome}, check=True, stdout=subprocess.PIPE
	)
	categories = json.loads(done.stdout)["categories"]
	return {name: round(100 * category["score"]) for name, category in categories.items()}


def pages(site: str) -> list[str]:
	"""The doctors, the first of them, and the times of their first service."""
	doctor = re.search(r'href="(/book/[a-z0-9-]+)"', read(site + "/book"))[1]
	booking = re.search(rf'href="({doctor}/[a-z0-9-]+)"', read(site + doctor))[1]
	return ["/book", doctor, booking]


def read(address: str) -> str:
	with urlopen(address) as answer:
		return answer.read().decode()


def main(site: str) -> int:
	found = {page: scores(site + page) for page in pages(site)}
	for page, points in found.items():
		print(f"{page}: {', '.join(f'{name} {value}' for name, value in points.items())}")
	return int(any(value < LEAST for points in found.values() for value in points.values()))


if __name__ == "__main__":
	sys.exit(main(sys.argv[1].rstrip("/")))
