"""The page on which a patient pays at the Stripe of tests/fakes/stripe.py: buttons for what could happen."""

from decimal import Decimal
from html import escape

from tests.fakes.stripe_account import THREE_DECIMALS, ZERO_DECIMALS

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f6f8fa;color:#1a1f36}
main{max-width:26rem;margin:2rem auto;padding:1.5rem;background:#fff;border-radius:8px;box-shadow:0 2px 8px #0002}
h1{font-size:1.1rem;margin:0 0 .5rem}.amount{font-size:2rem;font-weight:600;margin:.5rem 0 1rem}
button{display:block;width:100%;min-height:44px;margin:.5rem 0;font:inherit;border:1px solid #5469d4;border-radius:6px;
background:#fff;color:#3c4fb8;cursor:pointer}button.main{background:#3c4fb8;color:#fff}.note{font-size:.875rem;color:#4f566b}
"""
# What the button says, by what it does.
ACTIONS = {
	"pay": "Pay",
	"ask": "Pay with a card that asks for 3-D Secure",
	"decline": "Pay with a card that is declined",
	"debit": "Pay by bank debit (answered later)",
	"leave": "Leave without paying",
}
AFTER_ASKING = {
	"pay": "Complete authentication",
	"decline": "Fail authentication",
	"leave": "Leave without paying",
}
FROM_THE_PAGE = ("ask", "decline")


def checkout(session: dict, objects: dict[str, dict]) -> str:
	"""The page as it stands: to pay, to prove oneself by 3-D Secure, or over."""
	intent = objects.get(session["payment_intent"] or "")
	if session["status"] != "open":
		return _page("This page has ended", f"<p>The payment is {session['status']}.</p>")
	if intent and intent["status"] == "requires_action":
		return _page("Your bank wants to know that it is you", _buttons(session, AFTER_ASKING))
	declined = "<p role='alert'>The card was declined. Try another one.</p>" if intent else ""
	amount = f"<p class='amount'>{in_words(session['amount_total'], session['currency'])}</p>"
	return _page(escape(session["description"]), amount + declined + _buttons(session, ACTIONS))


def in_words(units: int, currency: str) -> str:
	"""3500 eur: 35.00 EUR."""
	decimals = 0 if currency in ZERO_DECIMALS else 3 if currency in THREE_DECIMALS else 2
	return f"{Decimal(units).scaleb(-decimals):f} {currency.upper()}"


def goes_to(action: str, session: dict) -> str:
	"""Where the browser is sent after a button."""
	if action in FROM_THE_PAGE:
		return f"/c/pay/{session['id']}"
	return session["cancel_url"] or session["success_url"] if action == "leave" else session["success_url"]


def _buttons(session: dict, actions: dict[str, str]) -> str:
	return "".join(
		f"<form method='post' action='/c/pay/{session['id']}/{action}'>"
		f"<button{' class=main' if action == 'pay' else ''}>{text}</button></form>"
		for action, text in actions.items()
	)


def _page(title: str, body: str) -> str:
	return (
		"<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
		f"<link rel='icon' href='data:,'><title>{title}</title><style>{STYLE}</style><main><h1>{title}</h1>{body}"
		"<p class='note'>A stand-in for Stripe: no money moves.</p></main></html>"
	)
