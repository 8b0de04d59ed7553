"""No deadline for each example: a busy machine is no fault of a parser (one test measures time itself)."""

from hypothesis import settings

settings.register_profile("domain", deadline=None)
settings.load_profile("domain")
