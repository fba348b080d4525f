"""What was sent to whom, and what was not: seen here, changed by nobody."""

from django.contrib import admin

from cases.admin.messages import ReadOnlyAdmin
from cases.models import AccountMail, Notice


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin[Notice]):
    """Without their texts: those are for their readers."""

    list_display = ("made_at", "channel", "state", "attempts", "next_try_at", "finished_at", "error")
    list_filter = ("state", "channel__kind")
    list_select_related = ("channel__user", "channel__team")
    search_fields = ("channel__user__email", "channel__user__name", "channel__team__name", "error")
    date_hierarchy = "made_at"
    fields = ("channel", "made_at", "state", "attempts", "next_try_at", "finished_at", "error", "subject")


@admin.register(AccountMail)
class AccountMailAdmin(ReadOnlyAdmin[AccountMail]):
    """Without addresses and texts: those hold links that open accounts."""

    list_display = ("made_at", "kind", "user", "state", "attempts", "next_try_at", "finished_at", "error")
    list_filter = ("state", "kind")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__name", "error")
    date_hierarchy = "made_at"
    fields = ("kind", "user", "made_at", "expires_at", "state", "attempts", "next_try_at", "finished_at", "error")
