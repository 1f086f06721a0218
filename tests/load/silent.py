"""The site's application that, where a call's header `X-Silent` asks for it, tells nobody of anything."""

import threading

from wsgi import application as untampered

from clinic_booking.messaging import queue

current = threading.local()
tell = queue.tell


def application(environ, start_response):
	current.is_silent = "HTTP_X_SILENT" in environ
	return untampered(environ, start_response)


def tell_unless_silent(*args, **kwargs) -> None:
	if not getattr(current, "is_silent", False):
		tell(*args, **kwargs)


queue.tell = tell_unless_silent
