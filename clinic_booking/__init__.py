"""Appointments for clinics, on Frappe and ERPNext."""

__version__ = "0.1.0"
