"""Servers that stand in for outside services: on this machine, in their real wire protocol, with faults on demand."""
