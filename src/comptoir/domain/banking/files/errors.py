"""What is refused about files.

ComptoirError
├─ NotFound
│  └─ BankFileNotFound     no file has this id
└─ Invalid
   ├─ FileMalformed        it is no ACH file, or does not prove itself; every problem with its line
   └─ DoesNotFit           a value has no room in its field
"""

from collections.abc import Sequence

from comptoir.domain.errors import Invalid, NotFound

TOLD_MAX = 5


class BankFileNotFound(NotFound):
    """No file of the bank has this id."""

    thing = "bank file"


class FileMalformed(Invalid):
    """A file that is no ACH file, or whose totals are not those of its entries."""

    def __init__(self, problems: Sequence[str]) -> None:
        more = f" and {len(problems) - TOLD_MAX} more" if len(problems) > TOLD_MAX else ""
        super().__init__("file", "; ".join(problems[:TOLD_MAX]) + more)
        self.problems = list(problems)


class DoesNotFit(Invalid):
    """A value that has no room in the field of a record, or characters that a record cannot hold."""
