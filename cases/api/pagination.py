"""Pages by keyset: the next page begins behind the last row of this one, however deep, and nothing is counted."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from cases.api.problem_details import InvalidCursor
from cases.domain.business_days import local
from cases.selectors.pagination import Order, RowKey, rows_after

MAX_LIMIT, DEFAULT_LIMIT = 100, 50
_Row = TypeVar("_Row", bound=Model)
#: Orders by a column that may be empty (then last), and then by the newest.
_TIMESTAMP_COLUMNS = {"reply_by": "reply_by", "submitted": "submitted_at"}


def paginate(
    rows: QuerySet[_Row], cursor: str | None, limit: int, *, ascending: bool = False
) -> tuple[list[_Row], str | None]:
    """A page of rows sorted by their keys, and the cursor of the next one, None on the last; raises BadCursor.

    `up`: by growing keys; otherwise the newest first.
    """
    if cursor:
        pk, _ = _decode_cursor(cursor, "newest")
        rows = rows.filter(pk__gt=pk) if ascending else rows.filter(pk__lt=pk)
    items = list(rows[: limit + 1])
    return _with_next_cursor(items[:limit], len(items) > limit, "newest")


def paginate_ordered(
    rows: QuerySet[_Row],
    cursor: str | None,
    limit: int,
    *,
    sort_name: str,
    sort_order: Order,
    visible_rows: QuerySet[_Row],
) -> tuple[list[_Row], str | None]:
    """The same in another order: `by`, which is called `order`. `door`: those that the reader may see."""
    place = RowKey(*_decode_cursor(cursor, sort_name)) if cursor else None
    if place and sort_order.is_joined and not visible_rows.filter(pk=place.pk).exists():
        raise InvalidCursor()
    return _with_next_cursor(*rows_after(rows, visible_rows, sort_order, place, limit), sort_name)


def _with_next_cursor(items: list[_Row], has_next: bool, sort_name: str) -> tuple[list[_Row], str | None]:
    return items, _encode_cursor(items[-1], sort_name) if has_next else None


def add_link_header(request: HttpRequest, response: HttpResponse, next_cursor: str | None) -> None:
    """Puts the next page's address into the Link header."""
    if next_cursor:
        query = request.GET.copy()
        query["cursor"] = next_cursor
        response["Link"] = f'<{request.path}?{urlencode(list(query.items()))}>; rel="next"'


def _encode_cursor(last: Any, sort_name: str) -> str:
    """By which row a page ended. A number does not stand in it: it becomes part of an address."""
    value = getattr(last, _TIMESTAMP_COLUMNS[sort_name]) if sort_name in _TIMESTAMP_COLUMNS else None
    payload = [sort_name, last.pk, local(value).isoformat() if value else None]
    return base64.urlsafe_b64encode(json.dumps(payload, separators=(",", ":")).encode()).decode().rstrip("=")


def _decode_cursor(cursor: str, sort_name: str) -> tuple[int, datetime | None]:
    try:
        decoded = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        cursor_sort, pk, value = json.loads(decoded)
        moment = datetime.fromisoformat(value) if value is not None else None
        if cursor_sort != sort_name or not 0 < pk < 2**63 or type(pk) is not int or (moment and moment.tzinfo is None):
            raise InvalidCursor()
        return pk, moment and local(moment)
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError):
        raise InvalidCursor() from None
