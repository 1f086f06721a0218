"""Frappe's web application for the one site named by FRAPPE_SITE, with its static files.

In production a web server finds the site by host name and serves the files itself.
"""

import os

import frappe.app

frappe.app._site = os.environ["FRAPPE_SITE"]
application = frappe.app.application_with_statics()
