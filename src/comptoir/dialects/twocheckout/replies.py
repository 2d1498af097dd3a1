"""What a call answers when it has done what it was asked (reference 1.7)."""

from http import HTTPStatus
from typing import Any

from comptoir.dialects.edge import Reply
from comptoir.dialects.twocheckout.refusals import Refusal, element


def ok(message: str, /, **payload: Any) -> Reply:
    """The document of a success: its message, and what was asked for."""
    return Reply(HTTPStatus.OK, {**payload, "response_code": "OK", "response_message": message})


def failed(refusal: Refusal) -> Reply:
    """The document of a refusal after which what was done is kept: a card that was asked, and would not."""
    said = element(refusal)
    document = {"errors": [said], "response_code": said["code"], "response_message": said["message"]}
    return Reply(refusal.status, document)
