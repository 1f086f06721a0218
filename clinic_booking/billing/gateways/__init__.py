"""Ways to take money, each behind the interface in `interface`; plain values in and out, nothing of Frappe."""
