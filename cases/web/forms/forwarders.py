"""The form of a phone that forwards its SMS, and how its app is set up."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import selectors
from cases.formats.number_list import parse_number_list
from cases.models import Card, Forwarder, Team
from cases.models.choices import ForwarderKind
from cases.web.forms.base import BaseForm, text_area

#: Of one phone: an installation is for phones with their own cards, not for devices that hold many.
MAX_CARDS = 8
#: Numbers in one sentence.
_NUMBERS_TOLD = 5

#: What is pasted into SmsForwarder as the message template; `org_content` is the SMS as it came.
_TEMPLATE = '{"from":"[from]","content":"[org_content]","timestamp":"[timestamp]"}'
_SIGNED_TEMPLATE = '{"from":"[from]","content":"[org_content]","timestamp":"[timestamp]","sign":"[sign]"}'
#: The app's own template, which fits as it is.
_GATEWAY_TEMPLATE = (
    '{"from":"%from%","text":"%text%","sentStamp":%sentStamp%,"receivedStamp":%receivedStamp%,"sim":"%sim%"}'
)
_JSON_TEMPLATE = '{"sender":"10086","text":"…","received_at":"2026-10-09T10:20:00+08:00"}'


class ForwarderForm(BaseForm):
    """A new phone; `cleaned_data["cards"]` are the team's cards with the numbers that were entered."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("For example, whose phone it is and where it is kept."),
    )
    numbers = forms.CharField(
        label=gettext_lazy("Cards in this phone"),
        required=False,
        max_length=1000,
        widget=text_area(2),
        help_text=gettext_lazy(
            "The numbers of the SIM cards in it, one per line. While a case of such a card is open, no SMS that "
            "arrives at it is discarded."
        ),
    )
    signed = forms.BooleanField(
        label=gettext_lazy("Use signing"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Then the address alone is not enough to send anything."),
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._team = team

    def clean_numbers(self) -> list[Card]:
        """The cards with these numbers, all of the team's."""
        entered = parse_number_list(self.cleaned_data["numbers"])
        cards = {card.number: card for card in selectors.cards_of(self._team).filter(number__in=entered.numbers)}
        unknown = [*entered.invalid, *(number for number in entered.numbers if number not in cards)]
        if unknown:
            raise forms.ValidationError(
                _("Not a card of this team: %(numbers)s. Add the card first, or correct the number.")
                % {"numbers": ", ".join(unknown[:_NUMBERS_TOLD])}
            )
        return list(cards.values())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["cards"] = [*data.get("kept_cards", []), *data.get("numbers", [])]
        if len({card.pk for card in data["cards"]}) > MAX_CARDS:
            self.add_error("numbers", _("Enter only the cards of this phone: up to %(most)s.") % {"most": MAX_CARDS})
        return data


class ForwarderChangeForm(ForwarderForm):
    """The name of a phone and its cards: those to keep, and others by their numbers."""

    kept_cards: "forms.ModelMultipleChoiceField[Card]" = forms.ModelMultipleChoiceField(
        queryset=None,
        label=gettext_lazy("Cards in this phone"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["name", "kept_cards", "numbers"]

    def __init__(self, *args: Any, forwarder: Forwarder, **kwargs: Any) -> None:
        cards = forwarder.cards.order_by("pk")
        initial = {"name": forwarder.name, "kept_cards": cards}
        super().__init__(*args, team=forwarder.team, initial=initial, **kwargs)
        del self.fields["signed"]
        kept = self.fields["kept_cards"]
        assert isinstance(kept, forms.ModelMultipleChoiceField)
        kept.queryset = cards
        if cards:
            self.fields["numbers"].label = _("Add cards")
        else:
            del self.fields["kept_cards"]


def message_template(kind: str, *, signed: bool) -> str:
    """The template to paste into the app, where the steps say so."""
    if kind == ForwarderKind.SMS_FORWARDER:
        return _SIGNED_TEMPLATE if signed else _TEMPLATE
    return _GATEWAY_TEMPLATE if kind == ForwarderKind.GATEWAY else _JSON_TEMPLATE


def setup_steps(kind: str, *, signed: bool) -> list[str]:
    """The setup steps of a kind, from the apps' sources and documentation; menus may differ between phones."""
    steps: dict[Any, list[str]] = {
        ForwarderKind.SMS_FORWARDER: [
            _(
                "Install SmsForwarder (pppscn, version 3) on the phone. Allow it to read SMS, start automatically "
                "and run in the background."
            ),
            _("Open Senders (发送通道), tap +, choose Webhook, and give it a name. As method choose POST."),
            _("Copy the address below into Webhook Server."),
            _("Copy the template below into the message template (消息模板)."),
            *([_("Copy the secret below into Secret (加签密钥).")] if signed else []),
            _("Tap Test (测试). When this page turns green, save."),
            _(
                "Open Rules (转发规则), tap +, choose SMS (短信) and this sender. To forward no more than is needed, "
                "match the phone number (手机号) by the regular expression (正则匹配): ^(\\+?86)?(100\\d\\d|106)"
            ),
        ],
        ForwarderKind.GATEWAY: [
            _("Install Incoming SMS to URL forwarder on the phone. Allow it to read SMS and to start automatically."),
            _("Tap +. As sender enter the carrier’s number, such as 10086 (one entry for each), or * for all."),
            _("Copy the address below into URL. Do not change the template."),
            *(
                [
                    _(
                        "If your version of the app has signing (HMAC-SHA-256), turn it on and copy the secret below "
                        "into its field. If it has none, add this phone again without signing."
                    )
                ]
                if signed
                else []
            ),
            _("Tap Test. When this page turns green, save."),
        ],
        ForwarderKind.JSON: [
            _("POST a JSON object with sender, text and received_at to the address below, one for each SMS."),
            *(
                [_("Send the header X-Signature: the HMAC-SHA256 of the body under the secret below, in hexadecimal.")]
                if signed
                else []
            ),
            _(
                "Instead of that: in SMS Gateway for Android (capcom6) or httpSMS, add a webhook for received SMS with "
                "the address below."
            ),
            *([_("Copy the secret below into the app’s signing key.")] if signed else []),
            _("A response from 200 to 299 means the SMS was handled. After any other response, send it again later."),
        ],
    }
    return steps[ForwarderKind(kind)]
