"""Field types of the endpoints' schemas: bounded texts, times, days, amounts, ids."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictBool,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from cases.domain import checklist, phones
from cases.domain.business_days import local, local_iso
from cases.domain.errors import NumberRefused

__all__ = [
    "Amount",
    "Bool",
    "CarrierSlug",
    "DateTime",
    "Day",
    "Id",
    "ItemCode",
    "NumberVisibility",
    "NumbersParam",
    "PhoneNumber",
    "Reference",
    "SchemaIn",
    "SchemaOut",
    "SearchText",
    "Yuan",
    "bounded_text",
    "enum_of",
]

_DATE_TIME_FORMAT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_DAY_FORMAT = re.compile(r"\d{4}-\d\d-\d\d")
#: Years outside this range are refused: the working calendar does not cover them.
_YEARS = range(1990, 2101)


def _parse_date_time(value: object) -> datetime:
    if not isinstance(value, str) or not _DATE_TIME_FORMAT.fullmatch(value):
        raise PydanticCustomError("no_moment", "not a date and time")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("no_moment", "not a date and time") from None
    if moment.year not in _YEARS:
        raise PydanticCustomError("no_moment", "not a date and time")
    return local(moment)


def _parse_day(value: object) -> date:
    if not isinstance(value, str) or not _DAY_FORMAT.fullmatch(value):
        raise PydanticCustomError("no_day", "not a date")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("no_day", "not a date") from None
    if day.year not in _YEARS:
        raise PydanticCustomError("no_day", "not a date")
    return day


def _check_item_code(value: str) -> str:
    if value not in checklist.ITEMS_BY_CODE:
        raise PydanticCustomError("enum", "not an item", {"expected": ", ".join(checklist.ITEMS_BY_CODE)})
    return value


def _parse_phone_number(value: object) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "not a text")
    try:
        return phones.parse(value)
    except NumberRefused as error:
        raise PydanticCustomError("number_refused", "not a phone number", error.params) from None


#: Accepted with any offset, returned in Asia/Shanghai (+08:00).
DateTime = Annotated[
    datetime,
    BeforeValidator(_parse_date_time),
    PlainSerializer(local_iso, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[date, BeforeValidator(_parse_day), WithJsonSchema({"type": "string", "format": "date"})]
#: A phone number as people write it; parsed to its national digits.
PhoneNumber = Annotated[
    str,
    BeforeValidator(_parse_phone_number),
    WithJsonSchema({"type": "string", "maxLength": 40, "examples": ["138 0013 8000"]}),
]
Id = Annotated[int, Field(strict=True, ge=1, le=2**63 - 1)]
Bool = StrictBool
#: The code of a checklist item.
ItemCode = Annotated[
    str, AfterValidator(_check_item_code), WithJsonSchema({"type": "string", "enum": list(checklist.ITEMS_BY_CODE)})
]
_YUAN_FORMAT = r"^\d{1,8}(\.\d{1,2})?$"
#: Yuan, sent as text so that no JSON parser rounds it.
Amount = Annotated[
    Decimal,
    Field(gt=0, max_digits=10, decimal_places=2),
    BeforeValidator(lambda value: value if isinstance(value, str) and re.fullmatch(_YUAN_FORMAT, value) else None),
    WithJsonSchema({"type": "string", "pattern": _YUAN_FORMAT, "examples": ["19.80"]}),
]
Yuan = Annotated[
    Decimal,
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+\.\d\d$", "examples": ["19.80"]}),
]


def enum_of(values: Iterable[str], *, or_empty: bool = False) -> WithJsonSchema:
    """For `Annotated[str, …]`: an enumeration of stored values, documented but not validated."""
    return WithJsonSchema({"type": "string", "enum": [*map(str, values), *([""] if or_empty else [])]})


def bounded_text(max_length: int, min_length: int = 0) -> StringConstraints:
    """For `Annotated[str, …]`: a text of at most `max_length` characters, stripped of surrounding spaces."""
    return StringConstraints(strip_whitespace=True, min_length=min_length, max_length=max_length)


#: The reference of a case.
Reference = Annotated[str, bounded_text(20)]
CarrierSlug = Annotated[
    str, bounded_text(50), Field(description="The carrier's slug, see /carriers.", examples=["china-mobile"])
]
SearchText = Annotated[
    str,
    bounded_text(60),
    Field(
        description="Last four digits, start of number, case reference, carrier reference number, carrier, or the "
        "beginning of the name of a holder, user or department."
    ),
]
NumberVisibility = Literal["masked", "full"]
NumbersParam = Annotated[
    NumberVisibility,
    Field(description="`full` needs the scope `numbers`; each card records that its number was shown."),
]


class SchemaIn(BaseModel):
    """A request's body or query string; unknown fields are refused, so that a misspelt name does not go unnoticed."""

    model_config = ConfigDict(extra="forbid")


class SchemaOut(BaseModel):
    """A response's body."""
