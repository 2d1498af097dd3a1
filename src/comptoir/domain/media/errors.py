"""What the media room refuses.

ComptoirError
├─ NotFound
│  └─ ContentMissing   no file with this digest is stored
└─ Invalid
   └─ ImageRefused     the file is not an image that a shop may show
FetchRefused           a URL may not or cannot be fetched; it knows no field, and so stands apart
"""

from comptoir.domain.errors import Invalid, NotFound


class ContentMissing(NotFound):
    """No file with this digest is stored."""

    thing = "stored file"


class ImageRefused(Invalid):
    """The file is not an image that a shop may show."""


class FetchRefused(Exception):
    """A URL may not or cannot be fetched; `reason` continues a sentence that begins with the field's name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
