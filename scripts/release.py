"""Date the changelog, set the version, commit and tag: `make release VERSION=0.2.0`."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "comptoir" / "__init__.py"
CHANGELOG = ROOT / "CHANGELOG.md"
UNRELEASED = "## [Unreleased]\n"
VERSION_LINE = re.compile(r'^__version__ = "(.*)"$', re.MULTILINE)


def refusal(version: str) -> str | None:
    """Why this version cannot be released now."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        return "Give it a version: make release VERSION=0.2.0"
    if git("status", "--porcelain"):
        return "The checkout has changes that are not committed."
    if f"v{version}" in git("tag", "--list").split():
        return f"There is a v{version} already."
    if not changes(CHANGELOG.read_text()).strip():
        return "The changelog has nothing under Unreleased."
    return None


def git(*words: str) -> str:
    """What git says."""
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def changes(changelog: str) -> str:
    """What stands under Unreleased."""
    return changelog.partition(UNRELEASED)[2].partition("\n## [")[0]


def dated(changelog: str, version: str, day: str) -> str:
    """The changelog with a heading for this version under an empty Unreleased."""
    return changelog.replace(UNRELEASED, f"{UNRELEASED}\n## [{version}] - {day}\n", 1)


def main(version: str) -> int:
    """Release, or say why not."""
    reason = refusal(version)
    if reason:
        print(reason, file=sys.stderr)
        return 2
    today = datetime.now(UTC).date().isoformat()  # noqa: TID251 - a release has the day of the world
    CHANGELOG.write_text(dated(CHANGELOG.read_text(), version, today))
    PACKAGE.write_text(VERSION_LINE.sub(f'__version__ = "{version}"', PACKAGE.read_text()))
    git("commit", "--message", f"Release {version}", "--", str(CHANGELOG), str(PACKAGE))
    git("tag", "--annotate", f"v{version}", "--message", f"comptoir {version}")
    print(f"Tagged v{version}. Publish it with: git push --follow-tags")
    return 0


if __name__ == "__main__":
    sys.exit(main("".join(sys.argv[1:])))
