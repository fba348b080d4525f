"""The form of a team's language model."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.domain.errors import CaseError
from cases.formats.language_model import is_key, parse_endpoint
from cases.models import LanguageModel
from cases.operations.language_models import ModelSettings
from cases.web.forms.base import BaseForm

_MAX_REQUESTS = 2000


class LanguageModelForm(BaseForm):
    """A new one, or the one that is stored, whose address and key are not shown and stay where nothing is entered."""

    error_field_names = {"channel": "address"}
    address = forms.CharField(label=gettext_lazy("Address (base URL)"), max_length=500)
    model = forms.CharField(
        label=gettext_lazy("Model"),
        max_length=100,
        help_text=gettext_lazy("Its name as the service calls it, such as qwen3:8b or deepseek-chat."),
    )
    key = forms.CharField(label=gettext_lazy("API key"), max_length=400, required=False)
    without_key = forms.BooleanField(label=gettext_lazy("Delete the stored key"), required=False)
    daily_limit = forms.IntegerField(
        label=gettext_lazy("Requests a day at most"), min_value=1, max_value=_MAX_REQUESTS, initial=100
    )

    def __init__(self, *args: Any, row: LanguageModel | None, **kwargs: Any) -> None:
        if row:
            kwargs["initial"] = {"model": row.model, "daily_limit": row.daily_limit}
        super().__init__(*args, **kwargs)
        address, key = self.fields["address"], self.fields["key"]
        address.help_text = _("Such as https://api.deepseek.com/v1 or http://192.168.1.20:11434/v1 (Ollama).")
        key.help_text = _("Leave blank where the service needs none.")
        for field in (address, key):
            field.widget.attrs |= {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        if row:
            address.required = False
            address.help_text = _("Currently %(shown)s. Leave blank to keep it.") % {"shown": row.label}
        if row and row.has_key:
            key.help_text = _("A key is stored. Leave blank to keep it; with another address, enter its key again.")
        else:
            del self.fields["without_key"]

    def clean_address(self) -> tuple[str, str] | None:
        text = self.cleaned_data["address"].strip()
        if not text:
            return None
        try:
            return parse_endpoint(text)
        except CaseError as error:
            raise forms.ValidationError(_(error.message)) from None

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"].strip()
        if key and not is_key(key):
            raise forms.ValidationError(_("This is not a valid key. Paste all of it and nothing else."))
        return key

    def entered(self) -> ModelSettings:
        data = self.cleaned_data
        key = "" if data.get("without_key") else data["key"] or None
        return ModelSettings(data["model"], data["daily_limit"], data["address"], key)
