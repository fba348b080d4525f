"""The choices of forms: the values are stored, pages show the labels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.domain.full_numbers import FullNumbersSetting
from cases.domain.message_decisions import Decision
from cases.domain.message_meaning import MEANING_LABELS
from cases.domain.refunds import DUE_BASIS_LABELS
from cases.domain.reminder_kinds import REMINDER_LABELS
from cases.domain.roles import ROLE_LABELS
from cases.domain.status import STATUS_LABELS

# Enums of the domain have their labels beside them.
STATUS_CHOICES, ROLE_CHOICES, REMINDER_CHOICES, MEANING_CHOICES, REFUND_DUE_BASIS_CHOICES = (
    [(str(value), _(label)) for value, label in labels.items()]
    for labels in (STATUS_LABELS, ROLE_LABELS, REMINDER_LABELS, MEANING_LABELS, DUE_BASIS_LABELS)
)


class Language(TextChoices):
    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"


class Confidence(TextChoices):
    HIGH = "H", _("High: original text, or tested")
    MEDIUM = "M", _("Medium: one reliable source")
    LOW = "L", _("Low: one unverified page")


class Topic(TextChoices):
    HOTLINE = "hotline", _("Hotline")
    COMPLAINT_LINE = "complaint_line", _("Complaint line")
    ONLINE = "online", _("Online cancellation")
    SMS_SENDER = "sms_sender", _("SMS sender")
    PAYMENT = "payment", _("Paying a bill")
    CONTRACT = "contract", _("Contracts and bundles")
    PAPERS = "papers", _("Documents")
    NUMBERS = "numbers", _("Premium numbers and linked SIMs")
    BRANCHES = "branches", _("Branches")
    BILLING = "billing", _("Billing after a cancellation")
    OTHER = "other", _("Other")


class Reason(TextChoices):
    """Why a card is cancelled."""

    COST = "cost", _("Cost: paying for an unused card")
    HARASSMENT = "harassment", _("Harassing calls")
    BUSINESS = "business", _("Business change")
    SWITCHING = "switching", _("Switching carrier")
    OTHER = "other", _("Another reason")


class Purpose(TextChoices):
    MARKETING = "marketing", _("Telemarketing")
    CARE = "care", _("Customer care")
    DATA = "data", _("Data collection")
    OTHER = "other", _("Something else")


class RequestChannel(TextChoices):
    HOTLINE = "hotline", _("Hotline")
    BRANCH = "branch", _("Branch (营业厅)")
    APP = "app", _("App or website")
    AGENT = "agent", _("Reseller (代理商)")
    LETTER = "letter", _("Letter")


class FollowUpWay(TextChoices):
    CALL = "call", _("Call")
    VISIT = "visit", _("Visit to a branch")
    APP = "app", _("App or online chat")


class ReturnReason(TextChoices):
    """Why a carrier returns a request (facts.md, words of refusal)."""

    ARREARS = "arrears", _("Unpaid bill")
    CONTRACT = "contract", _("Contract or bundle still running")
    PAPERS = "papers", _("Documents missing")
    SPECIAL = "special", _("Premium number, or primary and secondary SIMs not separated")
    HOME = "home", _("Home branch or province only")
    OTHER = "other", _("Another reason")


class Method(TextChoices):
    """How a number was verified: the way alone, never what it showed, which is a Finding."""

    HOTLINE = "hotline", _("Hotline enquiry")
    CALL = "call", _("Test call")
    ACCOUNT = "account", _("Carrier account status")
    COUNT = "count", _("Number count (一证通查)")


class Finding(TextChoices):
    CANCELLED = "cancelled", _("Cancelled")
    ALIVE = "alive", _("Still in use")
    INCONCLUSIVE = "inconclusive", _("Inconclusive")


class EscalationKind(TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    APPEAL = "appeal", _("Appeal")


class ReceiptKind(TextChoices):
    FORM = "form", _("Application form")
    SMS = "sms", _("SMS")
    SCREENSHOT = "screenshot", _("Screenshot or photo")
    RECORDING = "recording", _("Call recording")
    LETTER = "letter", _("Letter")
    CLOSURE = "closure", _("Cancellation certificate (销户确认书)")
    SETTLEMENT = "settlement", _("Settlement certificate (结清证明)")
    FINAL_BILL = "final_bill", _("Final bill (末期账单)")
    OTHER = "other", _("Something else")


#: What an office asks for of a number that is gone (facts.md, 'After the cancellation').
CLOSING_KINDS = (ReceiptKind.CLOSURE, ReceiptKind.SETTLEMENT, ReceiptKind.FINAL_BILL)


class ItemState(TextChoices):
    DONE = "done", _("Done")
    WAIVED = "waived", _("Not needed")


class EntryKind(TextChoices):
    """What happened: one value for each verb of `cases.operations`."""

    LOGGED = "logged", _("Case logged")
    CHECKLIST = "checklist", _("Documents and checklist")
    SUBMITTED = "submitted", _("Submitted to the carrier")
    RESUBMITTED = "resubmitted", _("Submitted again")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged by the carrier")
    UNDER_REVIEW = "under_review", _("Carrier: under review")
    RETURNED = "returned", _("Returned by the carrier")
    PROMISED = "promised", _("Carrier promised a date")
    TAKES_EFFECT = "takes_effect", _("Carrier: takes effect later")
    REPORTED_DONE = "reported_done", _("Carrier reported it done")
    FOLLOW_UP = "follow_up", _("Follow-up")
    RECEIPT = "receipt", _("Receipt added")
    VERIFIED = "verified", _("Number verified")
    CONFIRMED = "confirmed", _("Confirmed as cancelled")
    REOPENED = "reopened", _("Reopened")
    WITHDRAWN = "withdrawn", pgettext_lazy("an entry of the timeline", "Withdrawn")
    COMPLAINT = "complaint", _("Complaint filed")
    COMPLAINT_ANSWERED = "complaint_answered", _("Complaint answered")
    APPEAL = "appeal", _("Appeal filed")
    APPEAL_DECIDED = "appeal_decided", _("Appeal decision")
    APPEAL_ANSWERED = "appeal_answered", _("Appeal answered")
    SNOOZED = "snoozed", _("Reminders snoozed")
    HANDED_OVER = "handed_over", _("Reassigned")
    SUBMISSION_CORRECTED = "submission_corrected", _("Submission time corrected")
    RECALCULATED = "recalculated", _("Deadlines recalculated")
    MESSAGE = "message", _("SMS from the carrier")
    CHARGE = "charge", _("Charge added")
    REFUND = "refund", _("Charge refunded")
    CHARGE_WRITTEN_OFF = "charge_written_off", _("Charge written off")
    BILL = "bill", _("Bill checked")
    REFUND_EXPECTED = "refund_expected", _("Refund expected")
    REFUND_PROMISED = "refund_promised", _("Refund promised for a date")
    REFUND_RECEIVED = "refund_received", _("Refund received")
    REFUND_WRITTEN_OFF = "refund_written_off", _("Refund written off")
    LETTER = "letter", _("Letter finalised")
    KEPT = "kept", _("Retention changed")
    ERASED = "erased", _("Content erased")
    VOIDED = "voided", _("Entry voided")
    AMENDED = "amended", _("Entry corrected")
    CARD_CHANGED = "card_changed", _("Card details changed")
    NUMBER_CORRECTED = "number_corrected", _("Number corrected")
    STATE = "state", _("State recorded")
    TAKEN_OVER = "taken_over", _("Taken over from a table")


class ChannelKind(TextChoices):
    EMAIL = "email", pgettext_lazy("a reminder channel", "Email")
    WECOM = "wecombot", _("WeCom group bot (企业微信)")
    DINGTALK = "dingtalk", _("DingTalk group bot (钉钉)")
    FEISHU = "feishu", _("Feishu group bot (飞书)")
    BARK = "bark", _("Bark (iPhone)")
    SERVERCHAN = "schan", _("ServerChan (Server酱, WeChat)")
    PUSHPLUS = "pushplus", _("PushPlus (WeChat)")
    LARK = "lark", _("Lark group bot")
    SLACK = "slack", "Slack"
    TELEGRAM = "telegram", "Telegram"
    DISCORD = "discord", "Discord"
    NTFY = "ntfy", "ntfy"
    GOTIFY = "gotify", "Gotify"
    MATRIX = "matrix", "Matrix"
    WEBHOOK = "webhook", _("Webhook (JSON)")


class NoticeState(TextChoices):
    PENDING = "pending", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("No longer needed")


class ForwarderKind(TextChoices):
    """What sends SMS here: two Android apps, or anything that posts JSON."""

    SMS_FORWARDER = "smsforwarder", _("SmsForwarder (Android)")
    GATEWAY = "gateway", _("Incoming SMS to URL forwarder (Android)")
    JSON = "json", _("Other apps (JSON)")


class MessageSource(TextChoices):
    FORWARDER = "forwarder", _("Forwarded")
    PASTED = "pasted", _("Pasted")
    IMPORTED = "imported", _("Imported from a file")


class MessageState(TextChoices):
    """What became of a carrier's message."""

    NEW = "new", _("Being read")
    PROPOSED = "proposed", _("Needs confirmation")
    UNMATCHED = "unmatched", _("No matching case")
    RECORDED = "recorded", _("Recorded")
    SET_ASIDE = "set_aside", _("Dismissed")
    #: A part of a long SMS that was joined to its first part.
    PART = "part", _("Part of a longer SMS")


class MessageDecision(TextChoices):
    """What a person made of the reading of a message."""

    RIGHT = Decision.RIGHT.value, _("Reading confirmed")
    CORRECTED = Decision.CORRECTED.value, _("Reading corrected")
    SET_ASIDE = Decision.SET_ASIDE.value, _("Dismissed")


class ChargeKind(TextChoices):
    FEE = "fee", _("Monthly fee")
    ARREARS = "arrears", _("Arrears")
    PENALTY = "penalty", _("Early termination fee")
    PREPAYMENT = "prepayment", _("Prepayment")
    OTHER = "other", _("Another charge")


class RefundWay(TextChoices):
    """How a balance comes back."""

    ANOTHER_NUMBER = "another_number", _("To another number")
    BANK_CARD = "bank_card", _("To a bank card")
    CASH = "cash", _("In cash")
    ORIGINAL = "original", _("The way it was paid")
    WALLET = "wallet", _("To a wallet (WeChat, Alipay)")
    UNKNOWN = "unknown", _("Not known")


class AnswerWay(TextChoices):
    """How the carrier came to say something: asked in a FollowUpWay, or by itself."""

    CALL = "call", _("Call")
    VISIT = "visit", _("Visit to a branch")
    APP = "app", _("App or online chat")
    UNASKED = "unasked", _("Without being asked")


class Tristate(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class ImportState(TextChoices):
    """How far a table of cards is."""

    NEW = "new", _("Previewed")
    RUNNING = "running", _("Importing")
    CANCELLED = "cancelled", _("Stopped")
    DONE = "done", _("Imported")
    UNDONE = "undone", _("Taken back")


class ColumnKind(TextChoices):
    """What a team's own column of the register holds."""

    TEXT = "text", _("Text")
    NUMBER = "number", pgettext_lazy("a kind of column", "Number")
    DATE = "date", pgettext_lazy("a kind of column", "Date")
    CHOICE = "choice", pgettext_lazy("a kind of column", "Choice")


class FullNumbers(TextChoices):
    """Whether those who work in a team see numbers in full on lists and cases."""

    SWITCH = FullNumbersSetting.SWITCH.value, _("With a switch, for the session")
    DEFAULT = FullNumbersSetting.DEFAULT.value, _("Always")
    FORBIDDEN = FullNumbersSetting.FORBIDDEN.value, _("Never on lists")


class FindingKind(TextChoices):
    """What a bill and the register do not agree on (`domain.bill_comparison`)."""

    CHARGED_AFTER_CANCELLATION = "charged_after_cancellation", _("Charged after cancellation")
    NOT_IN_REGISTER = "not_in_register", _("Not among your cards")
    FEE_DIFFERS = "fee_differs", _("Fee differs from the card’s")
    NEVER_BILLED = "never_billed", _("Not on the bill")
    NO_USE = "no_use", _("Not used")


class FindingState(TextChoices):
    """What became of a finding."""

    OPEN = "open", _("To do")
    CHARGED = "charged", _("Recorded as a charge")
    DISPUTED = "disputed", _("Disputed with the carrier")
    CORRECTED = "corrected", _("Card updated")
    REQUESTED = "requested", _("Cancellation logged")
    REOPENED = "reopened", _("Case reopened")
    ALL_RIGHT = "all_right", _("All right")


class AuditKind(TextChoices):
    """What is noted for a team's managers."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    NUMBER_SHOWN = "number_shown", _("Full number viewed")
    EXPORTED = "exported", _("Exported")
    NUMBERS_SHOWN = "numbers_shown", _("List with full numbers viewed")
    IMPORTED = "imported", _("Imported")
    IMPORT_UNDONE = "import_undone", _("Import taken back")
    MEMBER_ADDED = "member_added", _("Member added")
    MEMBER_REMOVED = "member_removed", _("Member removed")
    ROLE_CHANGED = "role_changed", _("Role changed")
    SETTINGS_CHANGED = "settings_changed", _("Settings changed")
    TOKEN_MADE = "token_made", _("API token created")
    TOKEN_REVOKED = "token_revoked", _("API token revoked")
    NAME_CHANGED = "name_changed", _("Name changed")
    CARD_CHANGED = "card_changed", _("Card details changed")
    NUMBER_CORRECTED = "number_corrected", _("Number corrected")
    CARD_DELETED = "card_deleted", _("Card deleted")
