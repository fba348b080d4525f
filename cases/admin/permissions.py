"""Permissions in the language of the reader: Django stores their names, in English."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import ManyToManyField
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_ACTIONS = {
    "add": gettext_noop("%(what)s: add"),
    "change": gettext_noop("%(what)s: change"),
    "delete": gettext_noop("%(what)s: delete"),
    "view": gettext_noop("%(what)s: view"),
}

#: Models of libraries that give themselves no name.
_MODEL_NAMES = {"usersessions.usersession": gettext_noop("sign-in session")}


def permission_label(permission: Permission) -> str:
    """'Case: view'; the stored name where the permission is none of Django's four."""
    action, model = permission.codename.partition("_")[0], permission.content_type.model_class()
    if action not in _ACTIONS or model is None:
        return permission.name
    name = _MODEL_NAMES.get(model._meta.label_lower)
    return _(_ACTIONS[action]) % {"what": _(name) if name else model._meta.verbose_name}


class PermissionLabels:
    """An admin whose fields of permissions list them by `permission_label`."""

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]  # of ModelAdmin
        if field is not None and db_field.related_model is Permission:
            field.label_from_instance = permission_label
        return field


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(PermissionLabels, DjangoGroupAdmin):  # type: ignore[misc]  # the stubs name the field's class
    """Groups of accounts, with their permissions."""
