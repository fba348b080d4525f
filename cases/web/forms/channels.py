"""The form of a channel, and how to find what is to be pasted."""

from dataclasses import dataclass
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
    ChannelKind.LARK: gettext_lazy("The bot’s webhook address"),
    ChannelKind.SLACK: gettext_lazy("Webhook URL"),
    ChannelKind.TELEGRAM: gettext_lazy("The bot’s token"),
    ChannelKind.DISCORD: gettext_lazy("Webhook URL"),
    ChannelKind.NTFY: gettext_lazy("Topic"),
    ChannelKind.GOTIFY: gettext_lazy("Address of your Gotify server"),
    ChannelKind.MATRIX: gettext_lazy("Address of the homeserver"),
    ChannelKind.WEBHOOK: gettext_lazy("Address"),
}
#: What helps to enter it, where it is not the beginning of an address.
_ADDRESS_HINTS: dict[str, Any] = {
    ChannelKind.TELEGRAM: gettext_lazy("For example, 123456789:AAEabcDEF…"),
    ChannelKind.NTFY: gettext_lazy(
        "Its name for ntfy.sh, like team-3f9a1c; its whole address for your own server, like "
        "https://ntfy.example.com/team-3f9a1c."
    ),
    ChannelKind.GOTIFY: gettext_lazy("For example, https://push.example.com or https://example.com/gotify."),
    ChannelKind.MATRIX: gettext_lazy(
        "For example, https://matrix.example.com. In Element: All settings, Help & About, Homeserver."
    ),
}
_SIGNING_SECRET = (
    gettext_lazy("Signing secret"),
    gettext_lazy("Only if the bot’s security setting is signing (加签 / 签名校验)."),
)
#: Label and help of the parts that have a field of their own.
_EXTRA_TEXTS: dict[tuple[str, str], tuple[Any, Any]] = {
    (ChannelKind.DINGTALK, "secret"): _SIGNING_SECRET,
    (ChannelKind.FEISHU, "secret"): _SIGNING_SECRET,
    (ChannelKind.LARK, "secret"): (
        gettext_lazy("Signing secret"),
        gettext_lazy("Only if signature verification is turned on for the bot."),
    ),
    (ChannelKind.BARK, "key"): (
        gettext_lazy("Key"),
        gettext_lazy("Only if it is not clear which part of the address of your own server is the key."),
    ),
    (ChannelKind.TELEGRAM, "chat"): (
        gettext_lazy("Chat"),
        gettext_lazy("Its number, which is negative for a group, or the name of a public channel, like @company."),
    ),
    (ChannelKind.NTFY, "token"): (
        gettext_lazy("Access token"),
        gettext_lazy("Only if the topic is protected. Starts with tk_."),
    ),
    (ChannelKind.GOTIFY, "token"): (gettext_lazy("The application’s token"), ""),
    (ChannelKind.MATRIX, "room"): (
        gettext_lazy("Internal ID of the room"),
        gettext_lazy("Starts with an exclamation mark, like !AbCdEfGh:example.com."),
    ),
    (ChannelKind.MATRIX, "token"): (
        gettext_lazy("Access token"),
        gettext_lazy("Of an account made for the reminders. Anyone with it can read all that this account can read."),
    ),
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

    def __init__(self, *args: Any, kind: str, channel: NotificationChannel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"name": channel.name if channel else ""}
        self.kind, self.channel = kind, channel
        self.parsed_address: ChannelAddress | None = None
        field = self.fields["address"]
        field.label, field.required = _ADDRESS_LABELS[kind], channel is None
        if channel:
            field.help_text = _("Currently %(shown)s. Leave blank to keep it.") % {"shown": channel.label}
        else:
            field.help_text = _ADDRESS_HINTS.get(kind) or self._beginning_of_address()
        self.extra_names = [part.name for part in channel_urls.EXTRA_PARTS.get(kind, ())]
        for part in channel_urls.EXTRA_PARTS.get(kind, ()):
            label, help_text = _EXTRA_TEXTS[kind, part.name]
            self.fields[part.name] = forms.CharField(
                label=label, max_length=500, required=part.is_required and channel is None, help_text=help_text
            )
        for name in ("address", *self.extra_names):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        self.order_fields(["address", *self.extra_names, "name"])

    def _beginning_of_address(self) -> str:
        if self.kind == ChannelKind.WEBHOOK:
            return ""
        text = _("Starts with %(begins)s. You can also paste only the part after it.")
        return text % {"begins": channel_urls.URL_PREFIXES[self.kind]}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        extras = {name: data.get(name, "") for name in self.extra_names}
        if self.errors or not (raw_address := data.get("address", "")):
            if any(extras.values()) and not self.errors:
                self.add_error("address", _("If you change one of the fields below, enter this one again too."))
            return data
        try:
            self.parsed_address = channel_urls.parse_address(self.kind, raw_address, **extras)
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
        ChannelKind.LARK: [
            _("In Lark, open the group, then Settings, Group Bot, Add Bot, Custom Bot."),
            _("Choose no security setting, or signature verification and copy its secret."),
            _("Copy the webhook address and paste it here, and the secret below it."),
        ],
        ChannelKind.SLACK: [
            _("At api.slack.com/apps choose Create New App, From scratch, and the workspace."),
            _("Under Incoming Webhooks turn them on, choose Add New Webhook, and the channel for the reminders."),
            _("Copy the webhook URL and paste it here."),
        ],
        ChannelKind.TELEGRAM: [
            _("In Telegram, write /newbot to @BotFather and copy the token that it answers with."),
            _(
                "For yourself, press Start in a chat with your bot. For a group, add the bot to the group and send a "
                "message there; to a channel, add it as an administrator."
            ),
            _(
                "Open https://api.telegram.org/bot, followed by the token and /getUpdates, in a browser: the number "
                "is in “chat”, after “id”."
            ),
        ],
        ChannelKind.DISCORD: [
            _("In Discord, open the channel’s settings, Integrations, Webhooks, New Webhook."),
            _("Copy the webhook URL and paste it here."),
        ],
        ChannelKind.NTFY: [
            _("Install the ntfy app and subscribe to a topic, on ntfy.sh or on your own server."),
            _(
                "Anyone who knows the topic can read the reminders: choose a name that cannot be guessed, or "
                "a topic that "
                "is protected on the server, and create an access token for it."
            ),
        ],
        ChannelKind.GOTIFY: [
            _("On your Gotify server choose Apps, Create Application."),
            _("Show the token of the application, copy it, and paste it here. A client’s token does not work."),
        ],
        ChannelKind.MATRIX: [
            _("Create an account for the reminders on your homeserver, and invite it to a room without encryption."),
            _("Sign in with this account once, join the room, and copy its internal ID: Room settings, Advanced."),
            _(
                "Copy the access token: All settings, Help & About, Access Token. Then leave without signing "
                "out, which would end the token."
            ),
        ],
        ChannelKind.WEBHOOK: [
            _("The address of your own program. Xiaoka sends it a POST with JSON: id, title and text."),
            _(
                "A response from 200 to 299 counts as received. After any other response the same id is sent again "
                "later."
            ),
        ],
    }[ChannelKind(kind)]


@dataclass(frozen=True)
class KindGroup:
    """Kinds that are offered together, under a title, and what to know of them."""

    title: str
    kinds: list[ChannelKind]
    note: str = ""


def kind_groups(language: str) -> list[KindGroup]:
    """What can be added (email is there by itself), grouped: for readers of Chinese, China's services first."""
    in_china = KindGroup(
        _("Used in China"),
        [
            ChannelKind.WECOM,
            ChannelKind.DINGTALK,
            ChannelKind.FEISHU,
            ChannelKind.BARK,
            ChannelKind.SERVERCHAN,
            ChannelKind.PUSHPLUS,
        ],
    )
    abroad = KindGroup(
        _("Used outside China"),
        [ChannelKind.LARK, ChannelKind.SLACK, ChannelKind.TELEGRAM, ChannelKind.DISCORD],
        _("If Xiaoka runs in mainland China, it usually cannot reach Slack, Telegram and Discord."),
    )
    own = KindGroup(
        _("Your own server or program"), [ChannelKind.NTFY, ChannelKind.GOTIFY, ChannelKind.MATRIX, ChannelKind.WEBHOOK]
    )
    return [in_china, abroad, own] if language.startswith("zh") else [abroad, in_china, own]
