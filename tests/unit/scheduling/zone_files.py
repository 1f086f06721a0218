"""The zone database as files (RFC 8536), read without `zoneinfo`'s help."""

import struct
import zoneinfo
from importlib import resources
from pathlib import Path


def read(name):
	"""The bytes of a zone's file, from where `zoneinfo` takes it."""
	for folder in zoneinfo.TZPATH:
		if (path := Path(folder, name)).is_file():
			return path.read_bytes()
	return resources.files("tzdata").joinpath("zoneinfo", name).read_bytes()


def names_by_file():
	"""{bytes: [names]}: what is the same byte for byte is the same zone under other names."""
	found = {}
	for name in sorted(zoneinfo.available_timezones()):
		found.setdefault(read(name), []).append(name)
	return found


def written_changes(file):
	"""[(second, offset before, offset after)] of every change of offset that the file lists by itself."""
	counts = struct.unpack(">6l", file[20:44])
	start = 44 + _length(counts, 4)
	counts = struct.unpack(">6l", file[start + 20 : start + 44])
	times, types = counts[3], counts[4]
	at = start + 44
	seconds = struct.unpack(f">{times}q", file[at : at + 8 * times])
	kinds = file[at + 8 * times : at + 9 * times]
	at += 9 * times
	offsets = [struct.unpack(">lbb", file[at + 6 * n : at + 6 * n + 6])[0] for n in range(types)]
	shown = [offsets[kind] for kind in kinds]
	return [
		(second, before, after)
		for second, before, after in zip(seconds[1:], shown, shown[1:], strict=False)
		if before != after
	]


def _length(counts, wide):
	utc, standard, leap, times, types, letters = counts
	return times * (wide + 1) + types * 6 + letters + leap * (wide + 4) + standard + utc
