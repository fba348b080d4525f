"""The admin with the product's own door (`tracker.operators`)."""

from django.contrib.admin.apps import AdminConfig


class OperatorsConfig(AdminConfig):
    default_site = "tracker.operators.OperatorsSite"
