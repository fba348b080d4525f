"""The third reader: a team's language model is asked about messages that the two readers leave unclear.

Off unless a manager turned it on; then what leaves is the redacted text alone (`cases.formats.sms.redaction`). An
answer is kept beside the reading, for a person to see: it records nothing, sets nothing aside and drops nothing. A
failure leaves the message as it was. Nothing is asked within a transaction (docs/language-models.md).
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from math import inf
from time import monotonic

from django.utils.translation import gettext_noop

from cases import selectors
from cases.domain.message_meaning import Meaning
from cases.formats import language_model as protocol
from cases.formats.language_model import AnswerRefused, ModelReading
from cases.formats.sms.reader import contains_code
from cases.formats.sms.redaction import redact
from cases.models import CarrierMessage, Case, LanguageModel, User
from cases.models.encryption import SecretUnreadable
from cases.operations import language_models as ops
from cases.outgoing import ChannelError, HttpAnswer, HttpRequest, exchange
from cases.selectors.messages import MAX_MODEL_REQUESTS
from cases.wording.stored_sentences import stored_sentence, stored_text

log = logging.getLogger(__name__)

#: For all of a request: to find the host, to connect, to hear the answer.
REQUEST_SECONDS = 10
#: Messages looked up at once.
BATCH_SIZE = 20
_MAX_WORDS = 120
#: A synthetic message for the button on the page; it is redacted like any other.
SAMPLE = (
    "【中国移动】尊敬的张三先生,您号码138****8000的销户申请已提交审核,受理编号HX20261123-0091,"
    "预计2026年11月30日前办结,请留意短信。"
)


class ModelFailed(Exception):
    """Why there is no reading, in words for the team's managers that hold no secret.

    `stored` is how they are kept (`wording.stored_text`).
    """

    def __init__(self, stored: str) -> None:
        self.stored = stored
        super().__init__(stored)

    def __str__(self) -> str:
        return stored_text(self.stored)

    @classmethod
    def of(cls, msgid: str, params: Mapping[str, object] | None = None) -> "ModelFailed":
        """With words of ours."""
        return cls(stored_sentence(msgid, params or {}))


@dataclass(frozen=True)
class Endpoint:
    """Where a team's requests go, as it is stored decrypted."""

    model: str
    url: str
    key: str

    @classmethod
    def of(cls, row: LanguageModel) -> "Endpoint":
        """Raises ModelFailed where the key that encrypts is missing."""
        try:
            url, key = ops.secrets_of(row)
        except SecretUnreadable:
            raise ModelFailed.of(
                gettext_noop("The address cannot be decrypted because its encryption key is missing. Enter it again.")
            ) from None
        return cls(row.model, protocol.completions_url(url), key)


def ask_waiting(now: datetime, *, seconds: float = inf) -> int:
    """Ask each team's language model about the messages that wait for it at now (aware); returns how many readings
    came. After `seconds` no more are asked; a service that fails is left alone until the next run."""
    stop_at, count = monotonic() + seconds, 0
    for row in selectors.language_models_on():
        try:
            endpoint = Endpoint.of(row)
            for message, text in _to_ask(row, now):
                if monotonic() > stop_at:
                    return count
                if not ops.reserve_request(row, message, now):
                    break
                candidates = [Meaning(value) for value in message.reading.get("candidates", [])]
                reading = ask(endpoint, text, candidates)
                count += ops.keep_model_reading(row, message, reading, now)
        except ModelFailed as error:
            log.warning("language model of team %s: no reading", row.team_id)
            ops.note_failure(row, error.stored, now)
    return count


def _to_ask(row: LanguageModel, now: datetime) -> Iterator[tuple[CarrierMessage, str]]:
    """The messages with what may leave of them; one of which nothing may is skipped for good."""
    seen: set[int] = set()
    while messages := list(selectors.messages_for_language_model(row, now).exclude(pk__in=seen)[:BATCH_SIZE]):
        for message in messages:
            seen.add(message.pk)
            text = redacted(message)
            if text is None:
                ops.skip_message(message, MAX_MODEL_REQUESTS)
            else:
                yield message, text


def redacted(message: CarrierMessage) -> str | None:
    """What may leave of a message; None where nothing may, as it may hold a code or digits are left in it."""
    if contains_code(message.text):
        return None
    cases = _cases_named(message)
    names = [name for case in cases for name in (case.card.holder, case.card.user)]
    if message.card:
        names += [message.card.holder, message.card.user]
    names += User.objects.filter(memberships__team=message.team_id).values_list("name", flat=True)
    references = [reference for case in cases for reference in (case.reference, case.carrier_reference)]
    return redact(message.text, names=names, references=[*references, message.reading.get("reference") or ""])


def _cases_named(message: CarrierMessage) -> list[Case]:
    """The case of a message and those that were suggested for it, with their cards."""
    suggested = [reference for reference, _reason in message.reading.get("suggested", [])]
    cases = list(selectors.cases_of(message.team).filter(reference__in=suggested)) if suggested else []
    return [message.case, *cases] if message.case else cases


def ask(endpoint: Endpoint, text: str, candidates: Sequence[Meaning]) -> ModelReading:
    """What a language model reads in a redacted text; raises ModelFailed."""
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "Xiaoka"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    request = HttpRequest(endpoint.url, protocol.question(endpoint.model, text, candidates), headers)
    limit = protocol.MAX_ANSWER_BYTES + 1
    try:
        answer = exchange(request, public_only=True, max_bytes=limit, within=REQUEST_SECONDS)
    except ChannelError as error:
        raise (ModelFailed.of(error.msgid, error.params) if error.msgid else ModelFailed(error.text)) from None
    if answer.status != 200:
        raise _refused_with_status(answer, endpoint.key)
    try:
        return protocol.parse_answer(answer.body)
    except AnswerRefused as error:
        raise ModelFailed.of(protocol.ANSWER_ERRORS[error.code]) from None


def _refused_with_status(answer: HttpAnswer, key: str) -> ModelFailed:
    """With the status, and the service's own words of error, without the key that it may repeat."""
    if 300 <= answer.status < 400:
        msgid = gettext_noop("HTTP %(status)s: the service redirected the request; redirects are not followed")
        return ModelFailed.of(msgid, {"status": answer.status})
    words: object = ""
    with suppress(ValueError, LookupError, TypeError, RecursionError):
        error = json.loads(answer.body)["error"]
        words = error if isinstance(error, str) else error["message"]
    text = str(words).replace(key, "••••") if key else str(words)
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return ModelFailed(f"HTTP {answer.status} {text[:_MAX_WORDS]}".strip())


def try_out(row: LanguageModel, now: datetime) -> ModelReading:
    """Ask about SAMPLE, on or off; the outcome is kept with the language model. Raises ModelFailed."""
    text = redact(SAMPLE)
    assert text is not None
    try:
        reading = ask(Endpoint.of(row), text, (Meaning.UNDER_REVIEW, Meaning.PROMISED))
    except ModelFailed as error:
        ops.note_failure(row, error.stored, now)
        raise
    ops.note_success(row, now)
    return reading
