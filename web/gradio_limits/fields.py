"""Parses the JSON of requests to Gradio, strictly, and keeps only the fields of the page."""

from __future__ import annotations

import json
import math
from itertools import islice
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import ShuttenError
from web.errors import describe_field_errors
from web.gradio_limits.uploads import named_files, was_uploaded

NAME = r"[A-Za-z0-9_-]{1,64}"  # of a session or an event
_MAX_DEPTH, _MAX_FILES = 20, 20
_MAX_DIGITS = 16  # of a whole number
_Name = Annotated[str, Field(pattern=f"^{NAME}$")]


class BadRequestError(ShuttenError):
    """A request must not reach Gradio.

    Attributes:
        status: HTTP status of the reply.
    """

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


class Fields(BaseModel):
    """The fields that one of Gradio's addresses accepts. Other fields are dropped."""

    model_config = ConfigDict(extra="ignore", strict=True)

    def to_json(self) -> bytes:
        """Return the fields that were sent as JSON."""
        return json.dumps(self.model_dump(exclude_unset=True), ensure_ascii=False).encode()


class JoinFields(Fields):
    """An event of the page."""

    data: list[Any]
    fn_index: int
    session_hash: _Name
    trigger_id: int | None = None
    event_data: Any = None


class CallFields(Fields):
    """A call of a program."""

    data: list[Any]
    session_hash: _Name | None = None


class CancelFields(Fields):
    """An event that a client no longer waits for."""

    session_hash: _Name
    fn_index: int
    event_id: _Name


class ResetFields(Fields):
    """An event that an older client no longer waits for."""

    event_id: _Name


def parse_fields(body: bytes, form: type[Fields]) -> Fields:
    """Parse the body of a request.

    Raises:
        BadRequestError: The body is not JSON, is nested too deeply, names a file that was not
            uploaded here, or lacks a field or has one of the wrong kind.
    """
    try:
        data = json.loads(
            body, parse_constant=_refuse_constant, parse_int=_to_int, parse_float=_to_float
        )
        json.dumps(data, ensure_ascii=False).encode()  # fails for half of a surrogate pair
    except (ValueError, RecursionError):
        raise BadRequestError(400, "the request is not JSON") from None
    if _is_too_deep(data):
        raise BadRequestError(400, f"the request is nested more than {_MAX_DEPTH} times")
    files = list(islice(named_files(data), _MAX_FILES + 1))
    if len(files) > _MAX_FILES or not all(map(was_uploaded, files)):
        raise BadRequestError(403, "only a file that was uploaded here can be named")
    try:
        return form.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_input=False)
        raise BadRequestError(422, describe_field_errors(details)) from None


def _is_too_deep(data: Any) -> bool:
    values = [data]
    for _ in range(_MAX_DEPTH):
        values = [inner for value in values for inner in _children(value)]
    return bool(values)


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _to_int(digits: str) -> int:
    # Not every JSON reader takes larger numbers exactly (RFC 8259, section 6).
    if len(digits.lstrip("-")) > _MAX_DIGITS:
        raise ValueError("a whole number is too large")
    return int(digits)


def _to_float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number
