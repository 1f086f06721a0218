"""How messages travel: each channel behind the small interface of `interface`."""
