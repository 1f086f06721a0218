"""The clinic's ledger: what a visit costs and what was paid for it, in ERPNext's own documents (PY-1, PY-4, PY-8).

A booking only leaves a Billing Task behind (`clinic_appointment`); `tasks` works it after the commit and
brings the books to where the appointment's state wants them (`books`). What the books say decides the
appointment's payment status, whoever wrote into them (`payment_ledger_entry`). docs/billing.md tells the whole.
"""
