"""What was sent to whom, and what was not: seen here, changed by nobody."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from cases.admin.messages import ReadOnlyAdmin
from cases.models import AccountMail, Notice
from cases.wording.stored_sentences import stored_text


class _WithError:
    """The error of a message, in the language of whoever looks."""

    @admin.display(description=gettext_lazy("error"), ordering="error")
    def shown_error(self, row: Notice | AccountMail) -> str:
        return stored_text(row.error)


@admin.register(Notice)
class NoticeAdmin(_WithError, ReadOnlyAdmin[Notice]):
    """Without their texts: those are for their readers."""

    list_display = ("made_at", "channel", "state", "attempts", "next_try_at", "finished_at", "shown_error")
    list_filter = ("state", "channel__kind")
    list_select_related = ("channel__user", "channel__team")
    search_fields = ("channel__user__email", "channel__user__name", "channel__team__name", "error")
    date_hierarchy = "made_at"
    fields = ("channel", "made_at", "state", "attempts", "next_try_at", "finished_at", "shown_error", "subject")


@admin.register(AccountMail)
class AccountMailAdmin(_WithError, ReadOnlyAdmin[AccountMail]):
    """Without addresses and texts: those hold links that open accounts."""

    list_display = ("made_at", "kind", "user", "state", "attempts", "next_try_at", "finished_at", "shown_error")
    list_filter = ("state", "kind")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__name", "error")
    date_hierarchy = "made_at"
    fields = ("kind", "user", "made_at", "expires_at", "state", "attempts", "next_try_at", "finished_at", "shown_error")
