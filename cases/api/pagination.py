"""Keyset pagination: a page starts after the last row of the one before, whatever its depth; nothing is counted."""

import base64
import binascii
import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpResponse

from cases.api.problem_details import InvalidCursor
from cases.api.request import ApiRequest
from cases.api.schemas.fields import SchemaOut
from cases.api.schemas.pages import Page, PageParams
from cases.domain.business_days import local
from cases.selectors.pagination import Order, RowKey, rows_after

_Row = TypeVar("_Row", bound=Model)
_Item = TypeVar("_Item", bound=SchemaOut)
#: Orders by a nullable time (nulls last), then by the newest; their cursors carry that time.
_TIMESTAMP_COLUMNS = {"reply_by": "reply_by", "submitted": "submitted_at"}


class PageRows(NamedTuple, Generic[_Row]):
    """The rows of a page, and the cursor of the next one; None on the last page."""

    rows: list[_Row]
    next_cursor: str | None


def respond_page(
    request: ApiRequest,
    response: HttpResponse,
    page: PageRows[_Row],
    schema: type[Page[_Item]],
    serialize: Callable[[_Row], _Item],
) -> Page[_Item]:
    """A page of a list as its schema; sets the Link header to the next page."""
    add_link_header(request, response, page.next_cursor)
    return schema.model_construct(items=[serialize(row) for row in page.rows], next=page.next_cursor)


def add_link_header(request: ApiRequest, response: HttpResponse, next_cursor: str | None) -> None:
    """Sets the Link header to the next page's URL, unless this is the last page."""
    if next_cursor:
        query = request.GET.copy()
        query["cursor"] = next_cursor
        response["Link"] = f'<{request.path}?{urlencode(list(query.items()))}>; rel="next"'


def paginate(rows: QuerySet[_Row], params: PageParams, *, ascending: bool = False) -> PageRows[_Row]:
    """A page of rows by descending primary key, or ascending; raises InvalidCursor."""
    rows = rows.order_by("pk" if ascending else "-pk")
    if params.cursor:
        pk, _ = _decode_cursor(params.cursor, "newest")
        rows = rows.filter(pk__gt=pk) if ascending else rows.filter(pk__lt=pk)
    items = list(rows[: params.limit + 1])
    return _page_rows(items[: params.limit], "newest", has_next=len(items) > params.limit)


def paginate_numbers(numbers: Sequence[int], params: PageParams) -> tuple[Sequence[int], str | None]:
    """A page of ascending numbers from 1 on, and the cursor of the next one; raises InvalidCursor."""
    first = bisect_right(numbers, _decode_cursor(params.cursor, "number")[0]) if params.cursor else 0
    shown = numbers[first : first + params.limit]
    has_next = first + params.limit < len(numbers)
    return shown, _encode_payload(["number", shown[-1], None]) if has_next else None


def paginate_ordered(
    rows: QuerySet[_Row], params: PageParams, *, sort_name: str, sort_order: Order, visible_rows: QuerySet[_Row]
) -> PageRows[_Row]:
    """A page of rows in `sort_order`, which cursors call `sort_name`; raises InvalidCursor.

    `visible_rows`: all rows that the reader may see, the filtered `rows` among them.
    """
    place = RowKey(*_decode_cursor(params.cursor, sort_name)) if params.cursor else None
    if place and sort_order.is_joined and not visible_rows.filter(pk=place.pk).exists():
        raise InvalidCursor()
    items, has_next = rows_after(rows, visible_rows, sort_order, place, params.limit)
    return _page_rows(items, sort_name, has_next=has_next)


def _page_rows(rows: list[_Row], sort_name: str, *, has_next: bool) -> PageRows[_Row]:
    return PageRows(rows, _encode_cursor(rows[-1], sort_name) if has_next else None)


def _encode_cursor(last_row: Model, sort_name: str) -> str:
    """A cursor after this row. It becomes part of a URL, so it never holds a phone number."""
    value = getattr(last_row, _TIMESTAMP_COLUMNS[sort_name]) if sort_name in _TIMESTAMP_COLUMNS else None
    return _encode_payload([sort_name, last_row.pk, local(value).isoformat() if value else None])


def _encode_payload(payload: list[Any]) -> str:
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
