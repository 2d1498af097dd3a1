"""What a run of requests was answered, and what was wrong with the answers."""

from __future__ import annotations

from dataclasses import dataclass, field

FAULTS_KEPT = 20


@dataclass
class Tally:
    """Answers by status, and the first faults with the requests that show them."""

    statuses: dict[str, int] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def note(self, status: int, route: str, faults: list[str], request: str) -> None:
        """Count an answer; of several faults of one kind on one route the first is kept."""
        kind = f"{status // 100}xx"
        self.statuses[kind] = self.statuses.get(kind, 0) + 1
        for fault in faults:
            kind = f"{route} {status} {fault.splitlines()[0][:80]}"
            if kind not in self.faults and len(self.faults) < FAULTS_KEPT:
                self.faults[kind] = f"{fault}\n    {request}"

    def hold(self) -> None:
        """Fail if anything was wrong."""
        assert not self.faults, "\n\n".join(f"{kind}\n{told}" for kind, told in self.faults.items())
