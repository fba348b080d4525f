"""Fixtures of the tests of operations."""

from tests.operations.importing import bring

__all__ = ["bring"]
