"""What is refused about documents.

NotFound   DocumentNotFound · ContentForgotten
Invalid    DocumentFaulty (everything that is wrong with one, at once)
           FileRefused (what was sent is none of the files that are taken)
           StatusUnknown
Conflict   StatusSame · StatusFinal
"""

from typing import NamedTuple

from comptoir.domain.errors import Conflict, Invalid, NotFound, Problems


class DocumentNotFound(NotFound):
    """There is no such document, or not of this customer."""

    thing = "document"


class ContentForgotten(NotFound):
    """The document's content is not kept any more; only the record is."""

    thing = "content of document"


class Fault(NamedTuple):
    """One thing that is wrong with a document: its kind, the field, and the problem in words."""

    kind: str
    field: str
    problem: str


class DocumentFaulty(Problems):
    """A document cannot be taken as it is: everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__([(fault.field, fault.problem) for fault in faults])
        self.faults = tuple(faults)


class FileRefused(Invalid):
    """The content is no file of a kind that is taken, or another one than its name says."""

    def __init__(self, problem: str) -> None:
        super().__init__("content", problem)


class StatusUnknown(Invalid):
    """Documents have no such status."""

    def __init__(self, status: str) -> None:
        super().__init__("status", f"{status!r} is no status of a document")


class StatusSame(Conflict):
    """The document has this status already."""

    def __init__(self, status: str) -> None:
        super().__init__(f"the document is {status} already")
        self.status = status


class StatusFinal(Conflict):
    """What was decided about a document stays."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"the document is {old} and cannot become {new}")
        self.old = old
        self.new = new
