"""The kinds of values that requests and answers are made of."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
)

from yika.lib import clock

LARGEST = 2**63 - 1
STAMP = {"type": "string", "format": "date-time", "examples": ["2026-03-02T09:12:00+08:00"]}


def _moment(value: Any) -> datetime:
    """A moment with its offset; seconds are the finest. Raises: ValueError."""
    if not isinstance(value, str) or "T" not in value.upper():
        raise ValueError(_("应为带时区的时间，如 2026-03-02T09:12:00+08:00"))
    try:
        if datetime.fromisoformat(value).tzinfo is None:
            raise ValueError(value)
        return clock.read(value)
    except (ValueError, OverflowError):
        raise ValueError(_("应为带时区的时间，如 2026-03-02T09:12:00+08:00")) from None


def _no_nul(text: str) -> str:
    """Databases refuse the character 0. Raises: ValueError."""
    if "\x00" in text:
        raise ValueError(_("不能含有空字符"))
    return text


Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema(STAMP)]
Stamp = Annotated[str, Field(json_schema_extra=STAMP)]
"""A moment as it is told: campus time with its offset."""

Key = Annotated[int, Field(ge=1, le=LARGEST)]
BodyKey = Annotated[StrictInt, Field(ge=1, le=LARGEST)]
Text = Annotated[str, Field(max_length=500), AfterValidator(_no_nul)]
Some = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_no_nul)]
# Constraints, no Field: one more Field around it, with a default, is merged wrongly by the framework.
Short = Annotated[str, StringConstraints(max_length=100), AfterValidator(_no_nul)]
Word = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_.-]*$")]
Cursor = Annotated[str, Field(max_length=400, pattern=r"^[A-Za-z0-9_-]*$")]
Limit = Annotated[int, Field(ge=1, le=200)]
MonthText = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
Count = Annotated[StrictInt, Field(ge=0, le=10_000_000)]
Yes = StrictBool


class Asked(Schema):
    """What a request carries; a name it does not know is refused."""

    model_config = ConfigDict(extra="forbid")


class Told(Schema):
    """What an answer carries, and nothing else."""

    model_config = ConfigDict(extra="forbid")


class FieldProblem(Told):
    """What is wrong with one field."""

    field: str
    message: str


class ProblemShape(Schema):
    """RFC 9457. ``type`` is ``urn:yika:problem:<kind>``."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldProblem] = []


class Ref(Told):
    """A thing by key and name."""

    id: int
    name: str


class Named(Told):
    """A code and its word in the reader's language."""

    code: str
    name: str


OutcomeText = Literal["open", "met", "missed", "void"]
