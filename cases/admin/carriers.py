"""The directory of carriers, and facts about each with their sources."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cases.admin.base import ProtectedDeleteAdmin
from cases.admin.typed_admin import ModelAdmin, ModelForm, TabularInline
from cases.models import Branch, Carrier, CarrierFact


class SendersField(forms.CharField):
    """A list of SMS senders, typed with commas or spaces between them."""

    def prepare_value(self, value: object) -> object:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: object) -> Any:  # Any: the stubs expect a text, and this is a list of them
        return (super().to_python(value) or "").replace("，", ",").replace(",", " ").split()

    def has_changed(self, initial: object, data: object) -> bool:
        return bool((initial or []) != self.to_python(data))


class CarrierForm(ModelForm[Carrier]):
    sms_senders = SendersField(
        label=_("SMS senders"),
        required=False,
        help_text=_("The numbers the carrier sends SMS from, separated by commas."),
    )

    class Meta:
        model = Carrier
        fields = "__all__"


class CarrierFactInline(TabularInline[CarrierFact, Carrier]):
    model = CarrierFact
    extra = 0
    # Sentences, side by side in a table: they wrap.
    formfield_overrides = {models.CharField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 24})}}


@admin.register(Carrier)
class CarrierAdmin(ProtectedDeleteAdmin[Carrier]):
    form = CarrierForm
    list_display = ("name", "name_en", "hotline", "complaint_line", "reply_days", "is_virtual")
    list_filter = ("is_virtual",)
    search_fields = ("name", "name_en", "slug", "hotline")
    inlines = (CarrierFactInline,)
    fieldsets = (
        (None, {"fields": ("name", "name_en", "slug", "is_virtual")}),
        (_("Phone numbers"), {"fields": ("hotline", "complaint_line", "sms_senders")}),
        (
            _("Time limits"),
            {
                "fields": ("acknowledge_hours", "review_days", "window_days", "reply_days", "effect_day", "refund_day"),
                "description": _(
                    "Leave blank for the defaults: 24 hours to acknowledge, 3 working days to review, 3 until a "
                    "first call, 5 to reply. Cases keep the limits they were submitted under."
                ),
            },
        ),
        (_("Billing"), {"fields": ("bills_whole_month",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Carrier | None = None) -> tuple[str, ...]:
        # Every start adds missing carriers by their slug; renamed, this one would be added again.
        return ("slug",) if obj else ()


@admin.register(Branch)
class BranchAdmin(ModelAdmin[Branch]):
    """Branches of everybody (no team), and those that teams noted for themselves."""

    list_display = ("name", "carrier", "team", "takes", "asked_on", "phone")
    list_filter = ("carrier", "takes")
    list_select_related = ("carrier", "team")
    search_fields = ("name", "address", "phone")
    autocomplete_fields = ("team",)
    fields = ("carrier", "team", "name", "address", "phone", "takes", "asked_on", "note")
