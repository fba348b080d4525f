"""The choices of forms: the values are stored, pages show the labels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cases.domain.message_meaning import MEANING_LABELS
from cases.domain.reminders import REMINDER_LABELS
from cases.domain.roles import ROLE_LABELS
from cases.domain.status import STATUS_LABELS

# Enums of the domain have their labels beside them.
STATUS_CHOICES, ROLE_CHOICES, REMINDER_CHOICES, MEANING_CHOICES = (
    [(str(value), _(label)) for value, label in labels.items()]
    for labels in (STATUS_LABELS, ROLE_LABELS, REMINDER_LABELS, MEANING_LABELS)
)


class Language(TextChoices):
    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"


class Confidence(TextChoices):
    HIGH = "H", _("Primary text, or tried")
    MEDIUM = "M", _("One decent source")
    LOW = "L", _("One weak page")


class Topic(TextChoices):
    HOTLINE = "hotline", _("Hotline")
    COMPLAINT_LINE = "complaint_line", _("Complaint line")
    ONLINE = "online", _("Online cancellation")
    SMS_SENDER = "sms_sender", _("SMS sender")
    OTHER = "other", _("Other")


class Reason(TextChoices):
    """Why a card is cancelled (the source article's second section)."""

    COST = "cost", _("Costs: a monthly fee for an unused card")
    HARASSMENT = "harassment", _("Harassing calls")
    BUSINESS = "business", _("The business changed")
    SWITCHING = "switching", _("Switching carrier")
    OTHER = "other", _("Another reason")


class Purpose(TextChoices):
    MARKETING = "marketing", _("Telephone marketing")
    CARE = "care", _("Customer care")
    DATA = "data", _("Data collection")
    OTHER = "other", _("Something else")


class RequestChannel(TextChoices):
    HOTLINE = "hotline", _("Hotline")
    BRANCH = "branch", _("Branch (营业厅)")
    APP = "app", _("App or web site")
    AGENT = "agent", _("Agent (代理商)")
    LETTER = "letter", _("Letter")


class FollowUpWay(TextChoices):
    CALL = "call", _("Call")
    VISIT = "visit", _("Visit to a branch")
    APP = "app", _("App or online chat")


class ReturnReason(TextChoices):
    """What carriers say when they hand a request back (facts.md, words of refusal)."""

    ARREARS = "arrears", _("Arrears to settle")
    CONTRACT = "contract", _("A contract or bundle still runs")
    PAPERS = "papers", _("Papers missing")
    SPECIAL = "special", _("Special number, or main and secondary card")
    HOME = "home", _("Only at the home branch or province")
    OTHER = "other", _("Another reason")


class Method(TextChoices):
    """How a number was verified: the way alone, never what it showed, which is a Finding."""

    HOTLINE = "hotline", _("Hotline enquiry")
    CALL = "call", _("Test call")
    ACCOUNT = "account", _("Carrier account status")


class Finding(TextChoices):
    CANCELLED = "cancelled", _("Cancelled")
    ALIVE = "alive", _("Still alive")
    INCONCLUSIVE = "inconclusive", _("Cannot be told")


class EscalationKind(TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    APPEAL = "appeal", _("Appeal")


class ReceiptKind(TextChoices):
    FORM = "form", _("Application form")
    SMS = "sms", _("SMS")
    SCREENSHOT = "screenshot", _("Screenshot or photo")
    RECORDING = "recording", _("Call recording")
    LETTER = "letter", _("Letter")
    OTHER = "other", _("Something else")


class ItemState(TextChoices):
    DONE = "done", _("Done")
    WAIVED = "waived", _("Waived")


class EntryKind(TextChoices):
    """What happened, one value for each verb of `cases.operations`."""

    LOGGED = "logged", _("Logged")
    CHECKLIST = "checklist", _("Checklist")
    SUBMITTED = "submitted", _("Submitted to the carrier")
    RESUBMITTED = "resubmitted", _("Submitted again")
    ACKNOWLEDGED = "acknowledged", _("The carrier registered the request")
    UNDER_REVIEW = "under_review", _("The carrier says: under review")
    RETURNED = "returned", _("Returned by the carrier")
    PROMISED = "promised", _("The carrier promised a day")
    REPORTED_DONE = "reported_done", _("The carrier says it is done")
    FOLLOW_UP = "follow_up", _("Follow-up")
    RECEIPT = "receipt", _("Receipt added")
    VERIFIED = "verified", _("Checked the number")
    CONFIRMED = "confirmed", _("Confirmed as cancelled")
    REOPENED = "reopened", _("Reopened")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    COMPLAINT = "complaint", _("Complaint lodged")
    COMPLAINT_ANSWERED = "complaint_answered", _("Complaint answered")
    APPEAL = "appeal", _("Appeal lodged")
    APPEAL_DECIDED = "appeal_decided", _("The appeal body decided whether to take it up")
    APPEAL_ANSWERED = "appeal_answered", _("Appeal answered")
    SNOOZED = "snoozed", _("Snoozed")
    HANDED_OVER = "handed_over", _("Handed over")
    SUBMISSION_CORRECTED = "submission_corrected", _("Moment of submission corrected")
    RECALCULATED = "recalculated", _("Deadlines calculated again")
    MESSAGE = "message", _("The carrier wrote")
    CHARGE = "charge", _("Charge noted")
    REFUND = "refund", _("Charge refunded")
    BILL = "bill", _("Bill checked")
    LETTER = "letter", _("Letter written")
    KEPT = "kept", _("Whether it is kept")
    ERASED = "erased", _("Papers and words erased")


class ChannelKind(TextChoices):
    EMAIL = "email", _("E-mail")
    WECOM = "wecombot", _("WeCom group robot (企业微信)")
    DINGTALK = "dingtalk", _("DingTalk group robot (钉钉)")
    FEISHU = "feishu", _("Feishu group robot (飞书)")
    BARK = "bark", _("Bark (iPhone)")
    SERVERCHAN = "schan", _("ServerChan (Server酱, WeChat)")
    PUSHPLUS = "pushplus", _("PushPlus (WeChat)")
    WEBHOOK = "webhook", _("Webhook (JSON)")


class NoticeState(TextChoices):
    PENDING = "pending", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Not needed any more")


class ForwarderKind(TextChoices):
    """What sends SMS here: two Android apps, or anything that posts JSON."""

    SMS_FORWARDER = "smsforwarder", _("SmsForwarder (Android)")
    GATEWAY = "gateway", _("SMS gateway webhook (Android)")
    JSON = "json", _("Anything that posts JSON")


class MessageSource(TextChoices):
    FORWARDER = "forwarder", _("Forwarded")
    PASTED = "pasted", _("Pasted by hand")
    IMPORTED = "imported", _("Imported from a file")


class MessageState(TextChoices):
    """What became of a carrier's message."""

    NEW = "new", _("Not read yet")
    PROPOSED = "proposed", _("Waits for a yes")
    UNMATCHED = "unmatched", _("Fits no case")
    RECORDED = "recorded", _("On the timeline")
    SET_ASIDE = "set_aside", _("Set aside")


class ChargeKind(TextChoices):
    FEE = "fee", _("Monthly fee")
    ARREARS = "arrears", _("Arrears")
    PENALTY = "penalty", _("Penalty for ending a contract")
    PREPAYMENT = "prepayment", _("Prepayment asked for")
    OTHER = "other", _("Another charge")


class Tristate(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class ImportState(TextChoices):
    """How far a table of cards is."""

    NEW = "new", _("Looked through")
    RUNNING = "running", _("Being brought in")
    CANCELLED = "cancelled", _("Stopped")
    DONE = "done", _("Brought in")


class AuditKind(TextChoices):
    """What is noted for a team's managers."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    NUMBER_SHOWN = "number_shown", _("Number shown in full")
    EXPORTED = "exported", _("Taken out")
    IMPORTED = "imported", _("Brought in")
    MEMBER_ADDED = "member_added", _("Member added")
    MEMBER_REMOVED = "member_removed", _("Member removed")
    ROLE_CHANGED = "role_changed", _("Role changed")
    SETTINGS_CHANGED = "settings_changed", _("Settings changed")
    TOKEN_MADE = "token_made", _("API token made")
    TOKEN_REVOKED = "token_revoked", _("API token revoked")
