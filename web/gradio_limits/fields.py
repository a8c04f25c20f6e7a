"""What a request to Gradio may hold: JSON that every reader takes, and the fields of its page."""

from __future__ import annotations

import json
import math
from itertools import islice
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import ShuttenError
from web.errors import wrong_fields
from web.gradio_limits.uploads import named_files, was_uploaded

NAME = r"[A-Za-z0-9_-]{1,64}"  # of a session or an event
_DEEPEST, _MOST_FILES = 20, 20
_LONGEST = 16  # digits of a whole number
_Name = Annotated[str, Field(pattern=f"^{NAME}$")]


class OddError(ShuttenError):
    """A request that Gradio is not shown.

    Attributes:
        status: Of the reply.
    """

    def __init__(self, status: int, why: str) -> None:
        self.status = status
        super().__init__(why)


class Fields(BaseModel):
    """What is sent to one of Gradio's addresses; other fields are left out."""

    model_config = ConfigDict(extra="ignore", strict=True)

    def again(self) -> bytes:
        """The same as JSON."""
        return json.dumps(self.model_dump(exclude_unset=True), ensure_ascii=False).encode()


class Joined(Fields):
    """An event of the page."""

    data: list[Any]
    fn_index: int
    session_hash: _Name
    trigger_id: int | None = None
    event_data: Any = None


class Called(Fields):
    """A call of a program."""

    data: list[Any]
    session_hash: _Name | None = None


class Cancelled(Fields):
    """An event that is no longer waited for."""

    session_hash: _Name
    fn_index: int
    event_id: _Name


class Reset(Fields):
    """The same, of older clients."""

    event_id: _Name


def read(body: bytes, form: type[Fields]) -> Fields:
    """The fields of a request.

    Raises:
        OddError: It is not JSON, names a file that was not uploaded here, or has other fields.
    """
    try:
        data = json.loads(
            body, parse_constant=_no_number, parse_int=_whole_number, parse_float=_number
        )
        json.dumps(data, ensure_ascii=False).encode()  # no half of a surrogate pair
    except (ValueError, RecursionError):
        raise OddError(400, "the request is not JSON") from None
    if _is_deep(data):
        raise OddError(400, f"the request is nested more than {_DEEPEST} times")
    files = list(islice(named_files(data), _MOST_FILES + 1))
    if len(files) > _MOST_FILES or not all(map(was_uploaded, files)):
        raise OddError(403, "a file can only be named that was uploaded here")
    try:
        return form.model_validate(data)
    except ValidationError as error:
        raise OddError(422, wrong_fields(error.errors(include_input=False))) from None


def _is_deep(data: Any) -> bool:
    level = [data]
    for _ in range(_DEEPEST):
        level = [inner for one in level for inner in _inside(one)]
    return bool(level)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _whole_number(digits: str) -> int:
    if len(digits.lstrip("-")) > _LONGEST:  # not every reader takes more (RFC 8259, section 6)
        raise ValueError("a whole number is too large")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number
