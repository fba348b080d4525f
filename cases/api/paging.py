"""Pages by keyset: the next page begins behind the last row of this one, however deep, and nothing is counted."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from cases.api.problems import BadCursor
from cases.domain.business_days import local

MOST, USUAL = 100, 50
_Row = TypeVar("_Row", bound=Model)
#: Orders by a column that may be empty (then last), and then by the newest.
_BY_MOMENT = {"reply_by": "reply_by", "submitted": "submitted_at"}


def page(
    rows: QuerySet[_Row],
    cursor: str | None,
    limit: int,
    *,
    order: str = "newest",
    up: bool = False,
    door: QuerySet[_Row] | None = None,
) -> tuple[list[_Row], str | None]:
    """A page of rows, and the cursor of the next one, None on the last; raises BadCursor.

    `order` is one of `cases.listing.ORDERS`, by which the rows are sorted already; `up`: by growing keys; `door`: among
    which a row is looked up whose number is needed, those that the reader may see.
    """
    if cursor:
        rows = rows.filter(_behind(order, _read(cursor, order), up=up, door=door))
    found = list(rows[: limit + 1])
    if len(found) <= limit:
        return found, None
    return found[:limit], _cursor(found[limit - 1], order)


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


def _behind(order: str, last: tuple[int, datetime | None], *, up: bool, door: QuerySet[Any] | None) -> Q:
    pk, moment = last
    if order in _BY_MOMENT:
        column = _BY_MOMENT[order]
        if moment is None:
            return Q(**{f"{column}__isnull": True, "pk__lt": pk})
        same = Q(**{column: moment, "pk__lt": pk})
        return Q(**{f"{column}__gt": moment}) | same | Q(**{f"{column}__isnull": True})
    if order == "number" and door is not None:
        number = door.filter(pk=pk).values_list("card__number", flat=True).first()
        if number is None:
            raise BadCursor()
        return Q(card__number__gt=number) | Q(card__number=number, pk__lt=pk)
    return Q(pk__gt=pk) if up else Q(pk__lt=pk)
