import frappe

from clinic_booking.billing import registry

READY, HALF_SET = object(), None


def test_a_method_leads_to_the_gateway_that_its_factory_makes(site, monkeypatch):
	"""PY-7: what is not set up is not there, and neither is what nobody brought."""
	hooks = {"ready": [f"{__name__}.nothing", f"{__name__}.ready"], "half_set": [f"{__name__}.nothing"]}
	monkeypatch.setattr(frappe, "get_hooks", lambda *args, **kwargs: hooks)
	monkeypatch.setattr(frappe, "get_installed_apps", lambda: ["tests"])
	assert registry.gateway("ready") is READY
	assert registry.gateway("half_set") is None
	assert registry.gateway("unheard_of") is None
	assert registry.methods() == {"ready": READY}


def ready():
	return READY


def nothing():
	return HALF_SET
