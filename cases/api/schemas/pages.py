"""Lists by the page: the parameters of a page, and the page."""

from typing import Annotated, Generic, TypeVar

from pydantic import Field

from cases.api.schemas.fields import SchemaIn, SchemaOut, bounded_text

MAX_LIMIT, DEFAULT_LIMIT = 100, 50
ItemT = TypeVar("ItemT", bound=SchemaOut)


class PageParams(SchemaIn):
    cursor: Annotated[str, bounded_text(200)] | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT


class Page(SchemaOut, Generic[ItemT]):
    items: list[ItemT]
    next: str | None = Field(description="The cursor of the next page; the Link header has its full URL.")
