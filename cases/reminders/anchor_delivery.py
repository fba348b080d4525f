"""New anchors on their way out: to a recipient, and to a time-stamp service, where the settings name one.

Once they are out, whoever has the server, its files and its key can no longer make them unsaid. What fails is logged,
shown to administrators, and tried again at the next run.
"""

import json
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from cases.formats import timestamps
from cases.formats.anchor_line import parse_line
from cases.models import Anchor
from cases.operations import anchors
from cases.outgoing import ChannelError, HttpRequest, exchange
from cases.reminders.channels import mail
from cases.reminders.delivery import error_text

log = logging.getLogger(__name__)

_FAILURES = (ChannelError, SMTPException, OSError, timestamps.InvalidTimeStamp)


def send_waiting_anchors(now: datetime) -> None:
    """Send the anchors that wait, to each service that is set; now is aware. A service that fails is left alone until
    the next run, and does not keep the other from its own."""
    if settings.TIMESTAMP_URL:
        waiting = anchors.waiting_for_a_stamp()
        _attempt(waiting, "stamped", lambda anchor: _stamp(anchor, now), anchors.record_stamp_error)
    if settings.ANCHOR_RECIPIENT:
        waiting = anchors.waiting_to_be_sent()
        _attempt(waiting, "sent", lambda anchor: _send(anchor, now), anchors.record_send_error)


def _attempt(
    waiting: Iterable[Anchor],
    what: str,
    send: Callable[[Anchor], None],
    record_error: Callable[[Anchor, str], None],
) -> None:
    for anchor in waiting:
        try:
            send(anchor)
        except _FAILURES as error:
            text = error_text(error)
            log.error("Anchor %s could not be %s: %s", anchor.sequence, what, text)
            record_error(anchor, text)
            return


def _stamp(anchor: Anchor, now: datetime) -> None:
    line = anchor.line.encode()
    question = timestamps.request_for(line)
    headers = {"Content-Type": timestamps.REQUEST_TYPE, "User-Agent": "Xiaoka"}
    # The address is the administrator's own, and may be in their network.
    request = HttpRequest(settings.TIMESTAMP_URL, question.data, headers)
    answer = exchange(request, public_only=False, max_bytes=timestamps.MAX_BYTES)
    if answer.status != 200:
        raise ChannelError(f"HTTP {answer.status}")
    trusted = timestamps.read_certificates(settings.TIMESTAMP_CERTIFICATES)
    timestamps.read_stamp(answer.body, line, trusted=trusted, nonce=question.nonce)
    anchors.record_stamp(anchor, answer.body, now)


def _send(anchor: Anchor, now: datetime) -> None:
    line = anchor.line.encode()
    subject = _("Xiaoka: anchor %(anchor)s") % {"anchor": anchor.sequence}
    message_id = UUID(hex=parse_line(line).digest[:32])  # the same at every attempt
    if "://" not in settings.ANCHOR_RECIPIENT:
        mail.send_to(settings.ANCHOR_RECIPIENT, message_id, subject, anchor.line)
    else:
        # The fields are those of a reminder's webhook.
        body = json.dumps({"id": str(message_id), "title": subject, "text": anchor.line}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Xiaoka"}
        answer = exchange(HttpRequest(settings.ANCHOR_RECIPIENT, body, headers), public_only=False)
        if not 200 <= answer.status < 300:
            raise ChannelError(f"HTTP {answer.status}")
    anchors.record_sent(anchor, now)
