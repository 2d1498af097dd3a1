"""What the exchange refuses as a whole; what is wrong with single rows stands in its reports.

ComptoirError
└─ Invalid
   ├─ UnknownKind    there is no such kind of record
   └─ UnreadableFile  nothing in the file can be understood
"""

from comptoir.domain.errors import Invalid


class UnknownKind(Invalid):
    """There is no such kind of record."""


class UnreadableFile(Invalid):
    """Nothing in the file can be understood."""
