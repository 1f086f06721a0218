"""Answers ERPNext's setup wizard: a company in euros. Run in a sites directory, with the site's name."""

import sys

import frappe

ANSWERS = {
	"company_name": "Sunrise Clinic",
	"company_abbr": "SC",
	"country": "Spain",
	"currency": "EUR",
	"timezone": "Europe/Madrid",
	"language": "English",
	"chart_of_accounts": "Standard",
}


def main(site):
	frappe.init(site)
	frappe.connect()
	from erpnext.setup.setup_wizard.operations import install_fixtures
	from frappe.desk.page.setup_wizard import setup_wizard
	from frappe.utils import today

	year = today()[:4]
	answers = frappe._dict(ANSWERS, fy_start_date=f"{year}-01-01", fy_end_date=f"{year}-12-31")
	frappe.flags.in_setup_wizard = True
	setup_wizard.update_system_settings(answers)
	setup_wizard.set_timezone(answers)
	install_fixtures.install(answers.country)
	install_fixtures.install_company(answers)
	install_fixtures.install_defaults(answers)
	frappe.db.set_value("Installed Application", {"has_setup_wizard": 1}, "is_setup_complete", 1)
	setup_wizard.run_post_setup_complete(answers)
	frappe.db.commit()


if __name__ == "__main__":
	main(sys.argv[1])
