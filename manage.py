#!/usr/bin/env python3
"""Runs Xiaoka's commands: ``./manage.py help``."""

import os
import sys
from typing import NoReturn

# 3.10 and older lack what the code uses; 3.15 and newer is what the pinned packages were never tried on.
SUPPORTED = ((3, 11), (3, 15))


def fail(message: str) -> NoReturn:
    """Ends the process with status 1 and the message as one line on standard error."""
    sys.exit("xiaoka: " + " ".join(message.split()))


def main() -> None:
    """Runs the command in sys.argv; a wrong setting, as any other error, is told in one line instead of a traceback."""
    if not SUPPORTED[0] <= sys.version_info[:2] < SUPPORTED[1]:
        fail(f"Python {sys.version_info[0]}.{sys.version_info[1]} is not supported; use 3.11 to 3.14.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    try:
        import django
        from django.core.exceptions import ImproperlyConfigured
        from environs import EnvError
    except ImportError as error:
        fail(f"{error}. Run 'make run' once, or use .venv/bin/python.")
    try:
        django.setup()
        from cases.management.invocation import execute

        execute(sys.argv)
    except (ImproperlyConfigured, EnvError) as error:
        fail(str(error))


if __name__ == "__main__":
    main()
