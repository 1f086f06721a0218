"""Work that follows a commit: rows of a DocType, worked one by one by any number of workers.

A row is written in the transaction of its cause, so that neither is there without the other, and worked
after it: leased, done and ended in transactions of its own, tried again with growing waits, and at last
given up where people see it. `work` says how; what a row means only its own room knows.
"""
