"""Django's admin classes, taking the model that they are about as the type checker wants it: ModelAdmin[Case].

At run time Django knows these brackets for query sets and fields, not for these classes.
"""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth import forms as auth_forms
from django.core import paginator
from django.db.models import Model

__all__ = [
    "AdminPasswordChangeForm",
    "AdminUserCreationForm",
    "BaseInlineFormSet",
    "ModelAdmin",
    "ModelForm",
    "Page",
    "Paginator",
    "TabularInline",
    "UserAdmin",
]

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, TabularInline
    from django.contrib.auth.admin import UserAdmin
    from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
    from django.core.paginator import Page, Paginator
    from django.forms import BaseInlineFormSet, ModelForm
else:

    class _Named:
        def __class_getitem__(cls, models: type[Model] | tuple[type[Model], ...]) -> type:
            return cls

    class ModelAdmin(_Named, admin.ModelAdmin): ...

    class TabularInline(_Named, admin.TabularInline): ...

    class ModelForm(_Named, forms.ModelForm): ...

    class BaseInlineFormSet(_Named, forms.BaseInlineFormSet): ...

    class AdminPasswordChangeForm(_Named, auth_forms.AdminPasswordChangeForm): ...

    class AdminUserCreationForm(_Named, auth_forms.AdminUserCreationForm): ...

    class UserAdmin(_Named, auth_admin.UserAdmin): ...

    class Page(_Named, paginator.Page): ...

    class Paginator(_Named, paginator.Paginator): ...
