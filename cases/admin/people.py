"""Accounts and teams."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import queue, wording
from cases.admin.base import ProtectedDeleteAdmin, request_now, signed_in_user
from cases.admin.permissions import PermissionLabels
from cases.admin.typed_admin import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    BaseInlineFormSet,
    ModelForm,
    TabularInline,
)
from cases.admin.typed_admin import UserAdmin as DjangoUserAdmin
from cases.domain.roles import LastManager, Right, has_right
from cases.models import Membership, NotificationChannel, Team, User
from cases.models.choices import AuditKind
from cases.operations import untold_reminders
from cases.operations.accounts import record_name_change
from cases.operations.audit_log import record_audit_entry
from cases.operations.teams import manages_alone


class TeamCounts(TypedDict):
    """What the list of teams adds to a team."""

    member_count: int


if TYPE_CHECKING:  # django-stubs-ext is a tool of development
    from django_stubs_ext import WithAnnotations

    CountedTeam = WithAnnotations[Team, TeamCounts]


class NewUserForm(AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("email", "name", "language")


class UserForm(ModelForm[User]):
    """Without the password: nobody sees its hash, and it is set on a page of its own."""

    class Meta:
        model = User
        exclude = ("password",)

    def clean_is_active(self) -> bool:
        """A team with other people keeps a manager who can sign in."""
        active: bool = self.cleaned_data["is_active"]
        if not active and self.instance.pk and manages_alone(self.instance):
            raise ValidationError(wording.error_message(LastManager()))
        return active


class UserPasswordForm(AdminPasswordChangeForm[User]):
    """Django's help text is half untranslated, and half in the language that the server started with."""

    usable_password_help_text = gettext_lazy(  # type: ignore[assignment]  # a lazy text will do
        "If disabled, the present password is lost, and the user can sign in only with a passkey."
    )


def _release_reminders(users: QuerySet[User]) -> None:
    """What waits to be told to these people, who are deleted with their channels, is told to others."""
    channels = NotificationChannel.objects.filter(user__in=users)
    untold_reminders.release(untold_reminders.waiting_for_channels(channels))


@admin.register(User)
class UserAdmin(PermissionLabels, ProtectedDeleteAdmin[User], DjangoUserAdmin[User]):
    form = UserForm
    add_form = NewUserForm
    change_password_form = UserPasswordForm
    list_display = ("email", "name", "language", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", "language")
    search_fields = ("email", "name")
    ordering = ("email",)
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "name", "language", "usable_password", "password1", "password2"),
            },
        ),
    )
    fieldsets = (
        (None, {"fields": ("email", "name", "password_link")}),
        (gettext_lazy("Reminders"), {"fields": ("language", "remind_from", "remind_until", "remind_on_days_off")}),
        (
            gettext_lazy("Permissions"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (gettext_lazy("Dates"), {"fields": ("last_login", "date_joined")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        always = ("password_link", "last_login", "date_joined")
        # Who may edit accounts does not thereby hand out rights, to themselves least of all.
        rights = () if request.user.is_superuser else ("is_staff", "is_superuser", "groups", "user_permissions")
        return always + rights

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_edit(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj) and self._may_edit(request, obj)
        return allowed and (obj is None or not manages_alone(obj))

    def _may_edit(self, request: HttpRequest, obj: User | None) -> bool:
        # A superuser's e-mail and password would be a way to all rights.
        return obj is None or request.user.is_superuser or not obj.is_superuser

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if change and "name" in form.changed_data:
                name_before = str(form.initial["name"])
                record_name_change(name_before, obj, by=signed_in_user(request), now=request_now(request))
        if change and {"remind_from", "remind_until", "remind_on_days_off"}.intersection(form.changed_data):
            queue.enqueue("cases.tasks.apply_notification_hours", obj.pk)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        _release_reminders(User.objects.filter(pk=obj.pk))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        _release_reminders(queryset)
        super().delete_queryset(request, queryset)

    def get_actions(self, request: HttpRequest) -> dict[str, tuple[Callable[..., str], str, str] | None]:
        # Asked of no account in particular, so it could not spare the superusers.
        actions = super().get_actions(request)
        return actions if request.user.is_superuser else {k: v for k, v in actions.items() if k != "delete_selected"}

    @admin.display(description=gettext_lazy("password"))
    def password_link(self, user: User) -> SafeString:
        link = reverse("admin:auth_user_password_change", args=[user.pk])
        state = _("set") if user.has_usable_password() else _("not set")
        return format_html('{} · <a href="{}">{}</a>', state, link, _("set another"))


class MembershipFormSet(BaseInlineFormSet[Membership, Team, ModelForm[Membership]]):
    """Leaves a manager in the team, once it has members."""

    def clean(self) -> None:
        super().clean()
        remaining = [form.cleaned_data for form in self.forms if form.is_valid() and form.cleaned_data]
        roles = [data["role"] for data in remaining if not data.get("DELETE")]
        if self.initial_form_count() and not any(has_right(role, Right.MANAGE) for role in roles):
            raise ValidationError(wording.error_message(LastManager()))


class MembershipInline(TabularInline[Membership, Team]):
    model = Membership
    formset = MembershipFormSet
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Team)
class TeamAdmin(ProtectedDeleteAdmin[Team]):
    list_display = ("name", "member_count", "full_numbers", "created_at")
    list_filter = ("full_numbers",)
    search_fields = ("name",)
    ordering = ("name", "pk")
    inlines = (MembershipInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return super().get_queryset(request).annotate(member_count=Count("memberships"))

    def save_model(self, request: HttpRequest, obj: Team, form: ModelForm[Team], change: bool) -> None:
        super().save_model(request, obj, form, change)
        changes = {"name": f"name: {obj.name}", "full_numbers": f"full_numbers: {obj.full_numbers}"}
        for about in [text for field, text in changes.items() if change and field in form.changed_data]:
            record_audit_entry(
                AuditKind.SETTINGS_CHANGED,
                by=signed_in_user(request),
                now=request_now(request),
                team=obj,
                about=about,
            )

    def save_formset(
        self, request: HttpRequest, form: ModelForm[Team], formset: MembershipFormSet, change: bool
    ) -> None:
        """The team's managers read who let whom in, or took them out, here as well."""
        super().save_formset(request, form, formset, change)
        changes = [(AuditKind.MEMBER_ADDED, member) for member in formset.new_objects]
        changes += [(AuditKind.ROLE_CHANGED, member) for member, _fields in formset.changed_objects]
        changes += [(AuditKind.MEMBER_REMOVED, member) for member in formset.deleted_objects]
        for kind, member in changes:
            about = str(member.user) if kind is AuditKind.MEMBER_REMOVED else f"{member.user} · {member.role}"
            record_audit_entry(
                kind, by=signed_in_user(request), now=request_now(request), team=form.instance, about=about
            )

    @admin.display(description=gettext_lazy("members"), ordering="member_count")
    def member_count(self, team: "CountedTeam") -> int:
        return team.member_count
