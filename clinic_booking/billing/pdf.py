"""PDF of a page that holds everything it shows: nothing is fetched, from anywhere (PY-6, IN-4)."""

import importlib
from contextlib import suppress
from io import BytesIO

from frappe.utils.pdf import get_pdf
from pypdf import PdfReader, PdfWriter

CONTENT_TYPE = "application/pdf"
GENERATOR = "weasyprint"


class NothingOutside(Exception):
	"""A page of ours named an address: none of them does."""


def made_of(html: str) -> bytes:
	"""The PDF, by WeasyPrint; where its libraries are missing by wkhtmltopdf, which takes five times as long."""
	with suppress(ImportError, OSError):
		# When it is needed only: without Pango the import fails (OSError), and booking goes on.
		weasyprint = importlib.import_module("weasyprint")
		return weasyprint.HTML(string=html, url_fetcher=_refuse).write_pdf()
	return get_pdf(html)


def generate(
	print_format=None, html="", options=None, output: PdfWriter | None = None, pdf_generator=None
) -> bytes | PdfWriter | None:
	"""Frappe's `pdf_generator` hook, for print formats that ask for WeasyPrint.

	`output`: where Frappe collects several documents, and wants it back.
	"""
	if pdf_generator != GENERATOR:
		return None
	content = made_of(html)
	if output is None:
		return content
	output.append_pages_from_reader(PdfReader(BytesIO(content)))
	return output


def _refuse(url: str, *_args, **_more):
	raise NothingOutside
