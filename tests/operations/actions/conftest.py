"""The same people at every entrance, on Friday 2026-10-16 at 10:00 in Shanghai."""

from tests.api.conftest import clock, fresh_counts, program_of
from tests.web.conftest import sign_in

__all__ = ["clock", "fresh_counts", "program_of", "sign_in"]
