"""What a public page tells the browser besides the page (SE-6). Pure."""

from functools import lru_cache


@lru_cache(maxsize=64)
def security(import_map_hash: str, theme_hash: str, secure: bool) -> dict[str, str]:
	"""For every page. `theme_hash`: of the clinic's own colours, if any; `secure`: the visitor came by HTTPS."""
	theme = f" '{theme_hash}'" if theme_hash else ""
	policy = (
		"default-src 'none'",
		f"script-src 'self' '{import_map_hash}'",
		f"style-src 'self'{theme}",
		"img-src 'self' https: data:",
		"font-src 'self'",
		"connect-src 'self'",
		"manifest-src 'self'",
		"form-action 'self'",
		"base-uri 'none'",
		"frame-ancestors 'none'",
	)
	headers = {
		"Content-Security-Policy": "; ".join(policy),
		"X-Content-Type-Options": "nosniff",
		"X-Frame-Options": "DENY",
		"Cross-Origin-Opener-Policy": "same-origin",
		"Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
	}
	if secure:
		headers["Strict-Transport-Security"] = "max-age=31536000"
	return headers


def privacy(personal: bool, listed: bool = False) -> dict[str, str]:
	"""Personal pages are stored nowhere, and their address is told to nobody.

	`no-referrer` makes a browser send `Origin: null` with a form or a fetch in mode `same-origin`,
	which the public door refuses: `api.js` fetches in the mode `cors`, which always names its origin.
	"""
	if personal:
		return {
			"Cache-Control": "no-store",
			"Referrer-Policy": "no-referrer",
			**({} if listed else {"X-Robots-Tag": "noindex"}),
		}
	return {
		"Cache-Control": "private, no-cache",
		"Referrer-Policy": "strict-origin-when-cross-origin",
		"Vary": "Accept-Language, Cookie",
	}
