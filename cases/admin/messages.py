"""Carriers' messages, the phones that forward them and the language models that read them: read-only here, handled on
the team's pages."""

from typing import TypeVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from cases.admin.typed_admin import ModelAdmin
from cases.domain.masking import mask_text
from cases.models import CarrierMessage, Forwarder, LanguageModel
from cases.wording.stored_sentences import stored_text

M = TypeVar("M", bound=models.Model)


class ReadOnlyAdmin(ModelAdmin[M]):
    """Read by those with the view permission, changed by nobody."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


@admin.register(Forwarder)
class ForwarderAdmin(ReadOnlyAdmin[Forwarder]):
    """Without addresses and keys: nobody but the team needs them."""

    list_display = ("name", "team", "kind", "is_on", "last_seen_at", "kept", "codes", "strangers", "refused")
    list_filter = ("kind", "is_on")
    list_select_related = ("team",)
    search_fields = ("name", "team__name")
    fields = (
        *("name", "team", "kind", "is_on", "last_seen_at"),
        *("kept", "repeated", "codes", "strangers", "refused", "last_refusal", "last_refusal_at"),
    )


@admin.register(LanguageModel)
class LanguageModelAdmin(ReadOnlyAdmin[LanguageModel]):
    """Without addresses and keys, as with forwarders."""

    list_display = ("team", "model", "is_on", "request_count", "last_success_at", "last_failure_at")
    list_filter = ("is_on",)
    list_select_related = ("team",)
    search_fields = ("model", "team__name")
    fields = (
        *("team", "model", "is_on", "on_since", "daily_limit", "request_count"),
        *("last_success_at", "last_failure_at", "shown_error"),
    )

    @admin.display(description=gettext_lazy("last error"))
    def shown_error(self, row: LanguageModel) -> str:
        return stored_text(row.last_error)


@admin.register(CarrierMessage)
class CarrierMessageAdmin(ReadOnlyAdmin[CarrierMessage]):
    list_display = ("received_at", "sender", "team", "state", "meaning", "source", "late")
    list_filter = ("state", "meaning", "source", "late")
    list_select_related = ("team",)
    search_fields = ("sender", "text")
    date_hierarchy = "received_at"
    fields = (
        *("team", "sender", "masked_text", "received_at", "stored_at", "source", "forwarder", "late"),
        *("state", "meaning", "card", "case", "handled_at", "handled_by"),
        *("decision", "decided_meaning", "model_requests"),
    )

    @admin.display(description=gettext_lazy("text"))
    def masked_text(self, message: CarrierMessage) -> str:
        return mask_text(message.text)
