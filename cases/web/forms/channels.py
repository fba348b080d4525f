"""The form of a channel, and how to find what is to be pasted."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.domain.errors import CaseError
from cases.formats import channel_urls
from cases.formats.channel_urls import ChannelAddress
from cases.models import NotificationChannel
from cases.models.choices import ChannelKind
from cases.web.forms.base import BaseForm

#: What is pasted, by kind.
_ADDRESS_LABELS: dict[str, Any] = {
    ChannelKind.WECOM: gettext_lazy("The bot’s webhook address"),
    ChannelKind.DINGTALK: gettext_lazy("The bot’s webhook address"),
    ChannelKind.FEISHU: gettext_lazy("The bot’s webhook address"),
    ChannelKind.BARK: gettext_lazy("The address that the app shows"),
    ChannelKind.SERVERCHAN: gettext_lazy("SendKey"),
    ChannelKind.PUSHPLUS: gettext_lazy("Your token"),
    ChannelKind.WEBHOOK: gettext_lazy("Address"),
}


class ChannelForm(BaseForm):
    """A new or an existing channel of one kind; `clean` sets `parsed_address`, None where the address stays."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Optional. For example, the name of the group."),
    )
    address = forms.CharField(max_length=500)
    secret = forms.CharField(
        label=gettext_lazy("Signing secret"),
        max_length=128,
        required=False,
        help_text=gettext_lazy("Only if the bot’s security setting is signing (加签 / 签名校验)."),
    )

    def __init__(self, *args: Any, kind: str, channel: NotificationChannel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["address", "secret", "name"])
        self.initial = {"name": channel.name if channel else ""}
        self.kind, self.channel = kind, channel
        self.parsed_address: ChannelAddress | None = None
        field = self.fields["address"]
        field.label, field.required = _ADDRESS_LABELS[kind], channel is None
        for name in ("address", "secret"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        if channel:
            field.help_text = _("Currently %(shown)s. Leave blank to keep it.") % {"shown": channel.label}
        elif kind != ChannelKind.WEBHOOK:
            field.help_text = _("Starts with %(begins)s. You can also paste only the part after it.") % {
                "begins": channel_urls.URL_PREFIXES[kind]
            }
        if kind not in channel_urls.KINDS_WITH_SECRET:
            del self.fields["secret"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors or not (raw_address := data.get("address", "")):
            if data.get("secret") and not self.errors:
                self.add_error("address", _("If you change the secret, paste the address again too."))
            return data
        try:
            self.parsed_address = channel_urls.parse_address(self.kind, raw_address, data.get("secret", ""))
        except CaseError as error:
            self.add_case_error(error)
        return data


def setup_steps(kind: str) -> list[str]:
    """The setup steps of a kind, from the services' public help."""
    return {
        ChannelKind.WECOM: [
            _(
                "In WeCom, open the group that should get the reminders. For yourself only, create a group with "
                "two colleagues."
            ),
            _("In the group settings choose Group bots (群机器人), then Add (添加), and give it a name."),
            _("Copy the webhook address (Webhook 地址) and paste it here."),
        ],
        ChannelKind.DINGTALK: [
            _("In DingTalk, open the group, then Group settings, Bots (机器人), Add (添加机器人), Custom (自定义)."),
            _(
                "For the security setting choose signing (加签) and copy the secret that starts with SEC; or "
                "choose keywords (自定义关键词) and enter 销卡, plus Xiaoka if your reminders are in English."
            ),
            _("Copy the webhook address and paste it here, and the secret below it."),
        ],
        ChannelKind.FEISHU: [
            _("In Feishu, open the group, then Group settings, Group bots (群机器人), Add, Custom bot (自定义机器人)."),
            _("Choose no security setting, or signing (签名校验) and copy its secret."),
            _("Copy the webhook address and paste it here, and the secret below it."),
        ],
        ChannelKind.BARK: [
            _("Install Bark on the iPhone, open it and allow notifications."),
            _(
                "Copy the address shown on its first page and paste it here. An address of your own Bark server "
                "also works."
            ),
        ],
        ChannelKind.SERVERCHAN: [
            _("Sign in to ServerChan (Server酱) with WeChat and choose how you want to receive reminders."),
            _("Copy the SendKey, which starts with SCT or sctp, and paste it here."),
        ],
        ChannelKind.PUSHPLUS: [
            _("Sign in to PushPlus with WeChat and follow its official account, which delivers the reminders."),
            _("Copy the token for one-to-one push (一对一推送) and paste it here."),
        ],
        ChannelKind.WEBHOOK: [
            _("The address of your own program. Xiaoka sends it a POST with JSON: id, title and text."),
            _(
                "A response from 200 to 299 counts as received. After any other response the same id is sent again "
                "later."
            ),
        ],
    }[ChannelKind(kind)]
