"""The admin with the product's own sign-in (`tracker.admin_site`)."""

from django.contrib.admin.apps import AdminConfig


class OperatorsConfig(AdminConfig):
    default_site = "tracker.admin_site.OperatorsSite"
