"""What the forms share: crispy's layout, moments in Shanghai time, submit tokens, named errors."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import wording
from cases.domain.business_days import SHANGHAI
from cases.domain.errors import CaseError
from cases.web.forms.errors import field_of
from cases.web.middleware.storage_status import note_error


class MomentField(forms.DateTimeField):
    """A moment in Shanghai time, to the minute, with the browser's own picker."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"]
        messages = {"invalid": _("Enter a date and time, like 2026-09-30 15:00.")}
        super().__init__(input_formats=formats, error_messages=messages, **kwargs)


class DayField(forms.DateField):
    """A day, with the browser's own picker."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid": _("Enter a date, like 2026-09-30.")}
        super().__init__(input_formats=["%Y-%m-%d"], error_messages=messages, **kwargs)


def this_minute() -> Any:
    """Now in Shanghai time, to the minute, as an initial value."""
    return timezone.localtime(timezone=SHANGHAI).replace(second=0, microsecond=0)


def today_in_shanghai() -> Any:
    """Today in Shanghai, as a form shows it."""
    return this_minute().date()


def text_area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class _BoundField(forms.BoundField):
    """A field whose hidden copy of its first value is described by nothing: only what is seen may be (HTML, 4.10.5)."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        if (widget or self.field.widget).is_hidden:
            return {name: value for name, value in built.items() if not name.startswith("aria-")}
        return built


class BaseForm(forms.Form):
    """A form whose <form> tag and buttons are in the template."""

    bound_field_class = _BoundField
    use_required_attribute = True
    #: What this form calls a field of `cases.web.forms.errors` instead.
    error_field_names: ClassVar[dict[str, str]] = {}
    _is_cleaning = False

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.include_media = False
        return helper

    def add_case_error(self, error: CaseError) -> None:
        """Show a named error at the field it belongs to, or above the form."""
        note_error(error)
        field = field_of(error)
        name = self.error_field_names.get(field or "", field)
        self.add_error(name if name in self.fields else None, wording.error_message(error))

    def full_clean(self) -> None:
        self._is_cleaning = True
        super().full_clean()
        self._is_cleaning = False
        self._ask_for_files_again()

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        if not self._is_cleaning:
            self._ask_for_files_again()

    def _ask_for_files_again(self) -> None:
        """Say of each file that came with a refused form that it has to be chosen again: browsers keep none."""
        if not self.errors:
            return
        for name, field in self.fields.items():
            if isinstance(field, forms.FileField) and name not in self.errors:
                uploads = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
                names = [upload.name for upload in (uploads if isinstance(uploads, list) else [uploads]) if upload]
                if names:
                    template = gettext("Choose again, as a refused form keeps no files: %(names)s")
                    super().add_error(name, template % {"names": wording.join_names(names)})

    def change_value(self, name: str, value: str) -> None:
        """Show this value at a field instead of the submitted one."""
        data = self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)
        data[name] = value
        self.data = data


class ActionForm(BaseForm):
    """A form that changes a case: it carries a submit token, and the version of the case that it showed."""

    click = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, version: int | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"click": uuid4(), "seen": version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def perform_args(self) -> dict[str, Any]:
        """Submit token and expected version, as `operations.perform_one` takes them."""
        submit_token: UUID | None = self.cleaned_data.get("click")
        return {"submit_token": submit_token, "expected_version": self.cleaned_data.get("seen")}

    def accept_version(self, version: int) -> None:
        """After a refusal: submitting the form again applies to this version of the case."""
        self.change_value("seen", str(version))
