"""What the endpoints' schemas are made of: texts, moments, days and keys that any database takes."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

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
    "DateTime",
    "Day",
    "Id",
    "ItemCode",
    "PhoneNumber",
    "SchemaIn",
    "SchemaOut",
    "Yuan",
    "bounded_text",
    "enum_of",
]

_DATE_TIME_FORMAT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_DAY_FORMAT = re.compile(r"\d{4}-\d\d-\d\d")
#: What anybody can mean; beyond it lie days that no calendar of ours counts, and moments that no clock of ours shows.
_YEARS = range(1990, 2101)


def _parse_date_time(value: Any) -> datetime:
    if not isinstance(value, str) or not _DATE_TIME_FORMAT.fullmatch(value):
        raise PydanticCustomError("no_moment", "no moment")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("no_moment", "no moment") from None
    if moment.year not in _YEARS:
        raise PydanticCustomError("no_moment", "no moment")
    return local(moment)


def _parse_day(value: Any) -> date:
    if not isinstance(value, str) or not _DAY_FORMAT.fullmatch(value):
        raise PydanticCustomError("no_day", "no day")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("no_day", "no day") from None
    if day.year not in _YEARS:
        raise PydanticCustomError("no_day", "no day")
    return day


def _check_item_code(value: str) -> str:
    if value not in checklist.ITEMS_BY_CODE:
        raise PydanticCustomError("enum", "no item", {"expected": ", ".join(checklist.ITEMS_BY_CODE)})
    return value


def _parse_phone_number(value: Any) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "no text")
    try:
        return phones.parse(value)
    except NumberRefused as error:
        raise PydanticCustomError("number_refused", "no number", error.params) from None


#: Sent with any offset, told with Beijing's.
DateTime = Annotated[
    datetime,
    BeforeValidator(_parse_date_time),
    PlainSerializer(local_iso, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[date, BeforeValidator(_parse_day), WithJsonSchema({"type": "string", "format": "date"})]
#: A telephone number as people write it; what comes out are its national digits.
PhoneNumber = Annotated[
    str,
    BeforeValidator(_parse_phone_number),
    WithJsonSchema({"type": "string", "maxLength": 40, "examples": ["138 0013 8000"]}),
]
Id = Annotated[int, Field(strict=True, ge=1, le=2**63 - 1)]
Bool = StrictBool
#: An item of the checklist.
ItemCode = Annotated[
    str, AfterValidator(_check_item_code), WithJsonSchema({"type": "string", "enum": list(checklist.ITEMS_BY_CODE)})
]
_YUAN_FORMAT = r"^\d{1,8}(\.\d{1,2})?$"
#: Yuan, as text: no program rounds it.
Amount = Annotated[
    Decimal,
    Field(gt=0, max_digits=10, decimal_places=2),
    BeforeValidator(lambda given: given if isinstance(given, str) and re.fullmatch(_YUAN_FORMAT, given) else None),
    WithJsonSchema({"type": "string", "pattern": _YUAN_FORMAT, "examples": ["19.80"]}),
]
Yuan = Annotated[
    Decimal,
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+\.\d\d$", "examples": ["19.80"]}),
]


def enum_of(values: Iterable[str], *, or_empty: bool = False) -> WithJsonSchema:
    """For `Annotated[str, …]`: one of these words, as it is stored."""
    return WithJsonSchema({"type": "string", "enum": [*map(str, values), *([""] if or_empty else [])]})


def bounded_text(max_length: int, min_length: int = 0) -> StringConstraints:
    """For `Annotated[str, …]`: of at most so many characters, without the spaces around it."""
    return StringConstraints(strip_whitespace=True, min_length=min_length, max_length=max_length)


class SchemaIn(BaseModel):
    """What is sent; a field that there is not is refused, so that no slip of a name goes unnoticed."""

    model_config = ConfigDict(extra="forbid")


class SchemaOut(BaseModel):
    """What is answered."""
