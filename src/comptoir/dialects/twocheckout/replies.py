"""What a call answers when it has done what it was asked (reference 1.7)."""

from http import HTTPStatus
from typing import Any

from comptoir.dialects.edge import Reply


def ok(message: str, /, **payload: Any) -> Reply:
    """The document of a success: its message, and what was asked for."""
    return Reply(HTTPStatus.OK, {**payload, "response_code": "OK", "response_message": message})
