"""The application's entry in Django's registry."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from cases.checks import (
    admin_in_public,
    any_host,
    debug_in_public,
    mail_in_clear,
    mail_sender,
    plain_in_public,
    site_address,
    weak_key,
)


class CasesConfig(AppConfig):
    """Names the application and its checks; starts nothing but in processes of the worker."""

    name = "cases"
    verbose_name = _("Cases")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for check in (admin_in_public, any_host, debug_in_public, mail_in_clear, mail_sender, weak_key):
            register(check)
        for check in (plain_in_public, site_address):
            register(check, deploy=True)
        from django_q.signals import post_spawn

        from cases.queue import report_worker_forever
        from cases.web.auth_audit import connect_signals

        connect_signals()
        post_spawn.connect(report_worker_forever)
