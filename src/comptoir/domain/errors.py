"""What the domain refuses, as facts; each dialect finds its own words.

ComptoirError
├─ NotFound      there is no such record in this shop
├─ Conflict      it cannot be done in the present state
├─ Forbidden     the actor may not do it
└─ Invalid       a value cannot be taken
   └─ Problems   several values cannot be taken, all named at once
"""


class ComptoirError(Exception):
    """Anything that the domain refuses to do."""


class NotFound(ComptoirError):
    """There is no such record in this shop. `thing` is the trade's word, `key` what was looked for."""

    thing = "record"

    def __init__(self, key: object) -> None:
        super().__init__(f"there is no {self.thing} {key}")
        self.key = key


class Conflict(ComptoirError):
    """It cannot be done in the present state of things."""


class Forbidden(ComptoirError):
    """The actor may not do this."""


class Invalid(ComptoirError):
    """A value cannot be taken: which `field`, and what its `problem` is."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(field, problem)
        self.field = field
        self.problem = problem

    def __str__(self) -> str:
        """The field and its problem in one sentence; a dialect may have put its own word for the field."""
        return f"{self.field} {self.problem}"


class Problems(Invalid):
    """Several values cannot be taken."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        field, problem = problems[0]
        super().__init__(field, problem)
        self.problems = problems

    def __str__(self) -> str:
        """All problems in one sentence."""
        return "; ".join(f"{field} {problem}" for field, problem in self.problems)
