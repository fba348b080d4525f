"""The register of cards, of every team."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import selectors, wording
from cases.admin.base import CappedAdmin, ProtectedDeleteAdmin, request_now, signed_in_user
from cases.admin.typed_admin import ModelForm
from cases.domain import masking, phones
from cases.domain.errors import CardHasCases, NumberRefused, ReasonMissing
from cases.models import Card
from cases.operations.audit_log import record_number_shown
from cases.operations.card_columns import own_columns
from cases.operations.cards import CardFacts, correct_number, delete_card, update_card


class CardForm(ModelForm[Card]):
    # Longer than the column: spaces, +86 and full-width digits are accepted.
    number = forms.CharField(label=gettext_lazy("Number"), max_length=40)
    reason = forms.CharField(
        label=gettext_lazy("Reason for the correction"),
        help_text=gettext_lazy("Needed to change the number. It is recorded on each case of the card."),
        required=False,
        max_length=2000,
    )

    class Meta:
        model = Card
        fields = "__all__"

    def clean_number(self) -> str:
        try:
            return phones.parse(self.cleaned_data["number"])
        except NumberRefused as error:
            raise ValidationError(wording.error_message(error)) from error

    def clean(self) -> dict[str, object] | None:
        cleaned = super().clean()
        # With the team read-only, Django leaves the constraint to the database.
        number = self.cleaned_data.get("number")
        duplicates = Card.objects.filter(team=self.instance.team_id, number=number).exclude(pk=self.instance.pk)
        if self.instance.pk and number and duplicates.exists():
            self.add_error("number", _("This team already has a card with this number."))
        if self.corrects_number and not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", wording.error_message(ReasonMissing()))
        return cleaned

    @property
    def corrects_number(self) -> bool:
        """Whether a card that is registered gets another number."""
        number = self.cleaned_data.get("number")
        return bool(self.instance.pk and number and number != self.initial.get("number"))


@admin.register(Card)
class CardAdmin(CappedAdmin[Card], ProtectedDeleteAdmin[Card]):
    form = CardForm
    list_display = ("masked", "carrier", "holder", "department", "purpose", "team", "contract_end")
    list_filter = ("carrier", "purpose")
    list_select_related = ("carrier", "team")
    search_fields = ("number",)  # shows the box; `get_search_results` searches
    search_help_text = gettext_lazy("Number, its last four digits, carrier, holder")
    ordering = ("-pk",)
    list_per_page = 50
    fieldsets = (
        (None, {"fields": ("number", "reason", "team", "carrier", "cases")}),
        (
            gettext_lazy("Card details"),
            {
                "fields": (
                    *("holder", "user", "department", "purpose", "plan", "monthly_fee", "iccid", "opened_on"),
                    *("contract_end", "note", "handler_name", "own_values"),
                )
            },
        ),
    )
    autocomplete_fields = ("team",)

    def get_fieldsets(self, request: HttpRequest, obj: Card | None = None) -> Any:  # as the stubs have it
        """A new card has no number to correct, and of an erased one nothing is left."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or obj.is_erased:
            return [(None, {"fields": ("number", "team", "carrier", "cases")}), *fieldsets[1:]]
        return fieldsets

    def save_model(self, request: HttpRequest, obj: Card, form: ModelForm[Card], change: bool) -> None:
        """By the operations: what changes is recorded on the card's cases, as from every other page."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        assert isinstance(form, CardForm)
        by, now = signed_in_user(request), request_now(request)
        with transaction.atomic():
            values = {name: getattr(obj, name) for name in CardFacts.__dataclass_fields__ if name != "custom"}
            update_card(obj, obj.carrier, values, by=by, now=now)
            if form.corrects_number:
                correct_number(obj, form.cleaned_data["number"], form.cleaned_data["reason"], by=by, now=now)

    def delete_model(self, request: HttpRequest, obj: Card) -> None:
        try:
            delete_card(obj, by=signed_in_user(request), now=request_now(request))
        except CardHasCases as error:  # opened between the question and the answer
            raise ProtectedError(str(error), set()) from error

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Card]) -> None:
        with transaction.atomic():
            for card in queryset:
                self.delete_model(request, card)

    def get_readonly_fields(self, request: HttpRequest, obj: Card | None = None) -> tuple[str, ...]:
        # Cases belong to the team of their card: a card does not change hands.
        always = ("cases", "own_values", "team") if obj else ("cases", "own_values")
        return (*always, "number") if obj and obj.is_erased else always

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Card], search_term: str
    ) -> tuple[QuerySet[Card], bool]:
        return selectors.search_cards(queryset, search_term), False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Card | None:
        card = super().get_object(request, object_id, from_field)
        if card and request.method == "GET":
            record_number_shown(card, by=signed_in_user(request), now=request_now(request))
        return card

    @admin.display(description=gettext_lazy("number"), ordering="number")
    def masked(self, card: Card) -> str:
        return masking.mask_number(card.number)

    @admin.display(description=gettext_lazy("own columns"))
    def own_values(self, card: Card) -> str:
        """What the team's own columns say; the team changes them on its pages."""
        if card.pk is None:
            return "-"
        columns = own_columns(card.team_id)
        return "; ".join(
            f"{column.title}: {card.custom[column.key]}" for column in columns if column.key in card.custom
        )

    @admin.display(description=gettext_lazy("cases"))
    def cases(self, card: Card) -> SafeString | str:
        if card.pk is None:
            return "-"  # of None Django would write the name
        link = reverse("admin:cases_case_changelist")
        return format_html('<a href="{}?card__id__exact={}">{}</a>', link, card.pk, card.cases.count())
