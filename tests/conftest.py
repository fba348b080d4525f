"""What every test stands on: settings of its own, in a data folder that goes away with the run."""

import os
import tempfile

_folder = tempfile.TemporaryDirectory(prefix="xiaoka-test-")
# Set before the settings are read, and whatever the person who runs the tests has in the environment:
# only DATABASE_URL is theirs to give, and tests make a database of their own beside it.
for _name in ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DEBUG", "HOST", "HTTPS", "PORT"):
    os.environ.pop(_name, None)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "tracker.settings",
    "DATA_DIR": _folder.name,
    "SECRET_KEY": "a-key-for-tests-that-signs-nothing-anyone-would-want-to-forge",
    "XIAOKA_TEST": "1",
}

import django  # noqa: E402

django.setup()
