"""The tests, laid out like the code; CONTRIBUTING.md says how to run them."""

from pathlib import Path

#: The folder of the project.
ROOT = Path(__file__).resolve().parent.parent
