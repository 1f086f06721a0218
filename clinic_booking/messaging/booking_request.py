"""A request that waits for its payment is told of, in its own transaction (NT-1, BK-5)."""

from clinic_booking.booking import clock
from clinic_booking.messaging import kinds, queue
from clinic_booking.messaging.queue import News


def await_payment(request, event: str) -> None:
	"""`doc_events`: how long the time is kept, and where to pay."""
	queue.tell(request, [News(kinds.AWAIT_PAYMENT, request.name)], clock.now())
