"""The same cases on every run: what fails once fails again, and a busy machine is no failure."""

from hypothesis import HealthCheck, settings

settings.register_profile(
	"same", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("same")
