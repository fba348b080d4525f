"""Property tests of the rules: the same examples in every run, and no clock decides them."""

from hypothesis import settings

settings.register_profile("rules", deadline=None, derandomize=True)
settings.load_profile("rules")
