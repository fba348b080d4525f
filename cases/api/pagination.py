"""Pages by keyset: the next page begins behind the last row of this one, however deep, and nothing is counted."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from cases.api.problem_details import BadCursor
from cases.domain.business_days import local
from cases.selectors.pagination import Order, Place, following

MOST, USUAL = 100, 50
_Row = TypeVar("_Row", bound=Model)
#: Orders by a column that may be empty (then last), and then by the newest.
_BY_MOMENT = {"reply_by": "reply_by", "submitted": "submitted_at"}


def page(rows: QuerySet[_Row], cursor: str | None, limit: int, *, up: bool = False) -> tuple[list[_Row], str | None]:
    """A page of rows sorted by their keys, and the cursor of the next one, None on the last; raises BadCursor.

    `up`: by growing keys; otherwise the newest first.
    """
    if cursor:
        pk, _ = _read(cursor, "newest")
        rows = rows.filter(pk__gt=pk) if up else rows.filter(pk__lt=pk)
    found = list(rows[: limit + 1])
    return _page(found[:limit], len(found) > limit, "newest")


def ordered_page(
    rows: QuerySet[_Row], cursor: str | None, limit: int, *, order: str, by: Order, door: QuerySet[_Row]
) -> tuple[list[_Row], str | None]:
    """The same in another order: `by`, which is called `order`. `door`: those that the reader may see."""
    place = Place(*_read(cursor, order)) if cursor else None
    if place and by.is_joined and not door.filter(pk=place.pk).exists():
        raise BadCursor()
    return _page(*following(rows, door, by, place, limit), order)


def _page(found: list[_Row], more: bool, order: str) -> tuple[list[_Row], str | None]:
    return found, _cursor(found[-1], order) if more else None


def link(request: HttpRequest, response: HttpResponse, following: str | None) -> None:
    """Puts the next page's address into the Link header."""
    if following:
        asked = request.GET.copy()
        asked["cursor"] = following
        response["Link"] = f'<{request.path}?{urlencode(list(asked.items()))}>; rel="next"'


def _cursor(last: Any, order: str) -> str:
    """By which row a page ended. A number does not stand in it: it becomes part of an address."""
    value = getattr(last, _BY_MOMENT[order]) if order in _BY_MOMENT else None
    said = [order, last.pk, local(value).isoformat() if value else None]
    return base64.urlsafe_b64encode(json.dumps(said, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(cursor: str, order: str) -> tuple[int, datetime | None]:
    try:
        plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        said, pk, value = json.loads(plain)
        moment = datetime.fromisoformat(value) if value is not None else None
        if said != order or not 0 < pk < 2**63 or type(pk) is not int or (moment and moment.tzinfo is None):
            raise BadCursor()
        return pk, moment and local(moment)
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError):
        raise BadCursor() from None
