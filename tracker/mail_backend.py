"""The connection to the mail server: Django's, with the certificates of EMAIL_CA_FILE trusted beside the system's."""

import ssl
from functools import cached_property

from django.conf import settings
from django.core.mail.backends import smtp


class EmailBackend(smtp.EmailBackend):
    """A server whose certificate nobody trusted has signed gets no password and no message."""

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if settings.EMAIL_CA:
            context.load_verify_locations(cadata=settings.EMAIL_CA)
        return context
