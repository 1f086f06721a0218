"""Pure thinking about time: when a doctor can be booked, and what a clinic's policy allows.

The standard library only: no frappe, no input or output, no clock. Facts come in (`calendar`), `now`
is an argument, answers are values. Instants are aware datetimes, intervals are half-open, rules are wall
clock in the clinic's zone (`walltime`), and a stretch of time is one integer used as a set of 5-minute
cells (`cells`). `open_time` turns weekly hours and exceptions into cells, `offer` keeps what no booking
changes, `free` takes the claims away, `days` shows the rest, `refusal` says why a time is not among it.
"""
