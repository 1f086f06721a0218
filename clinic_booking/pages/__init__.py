"""The public pages: doctors, a doctor, booking, and a booking's own page.

An address is found by `resolver`, shown by `renderer`. Between them lies one view a page
(`doctors`, `doctor`, `booking`, `appointment`): a function from what is asked and where to read
it to a `Page`, which knows nothing of Frappe. `data` is the one place that reads records,
`environment` the one Jinja environment, `formats` how people read dates, money and zones.
"""
