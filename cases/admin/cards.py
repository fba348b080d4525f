"""The register of cards, of every team."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
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
from cases.domain.errors import NumberRefused
from cases.models import Card
from cases.operations.audit_log import record_number_shown


class CardForm(ModelForm[Card]):
    # Longer than the column: spaces, +86 and full-width digits are accepted.
    number = forms.CharField(label=gettext_lazy("Number"), max_length=40)

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
        return cleaned


@admin.register(Card)
class CardAdmin(CappedAdmin[Card], ProtectedDeleteAdmin[Card]):
    form = CardForm
    list_display = ("masked", "carrier", "holder", "purpose", "team", "contract_end")
    list_filter = ("carrier", "purpose")
    list_select_related = ("carrier", "team")
    search_fields = ("number",)  # shows the box; `get_search_results` searches
    search_help_text = gettext_lazy("Number, its last four digits, carrier, holder")
    ordering = ("-pk",)
    list_per_page = 50
    fieldsets = (
        (None, {"fields": ("number", "team", "carrier", "cases")}),
        (gettext_lazy("Card details"), {"fields": ("holder", "purpose", "plan", "monthly_fee", "contract_end")}),
    )
    autocomplete_fields = ("team",)

    def get_readonly_fields(self, request: HttpRequest, obj: Card | None = None) -> tuple[str, ...]:
        # Cases belong to the team of their card: a card does not change hands.
        return ("cases", "team") if obj else ("cases",)

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

    @admin.display(description=gettext_lazy("cases"))
    def cases(self, card: Card) -> SafeString | str:
        if card.pk is None:
            return "-"  # of None Django would write the name
        link = reverse("admin:cases_case_changelist")
        return format_html('<a href="{}?card__id__exact={}">{}</a>', link, card.pk, card.cases.count())
