"""Where the tests' files lie: in memory where there is room, since a disk makes copying databases ten times slower."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

MEMORY = Path("/dev/shm")
PREFIX = "comptoir-run-"
ROOM_BYTES = 4 << 30


def enter_memory() -> Path | None:
    """Let everything temporary of this run, and of what it starts, lie in memory; who sets TMPDIR has chosen."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir():
        return None
    forget_the_dead()
    if shutil.disk_usage(MEMORY).free < ROOM_BYTES:
        return None
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=MEMORY))
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None
    return folder


def leave_memory(folder: Path) -> None:
    """Give the memory back."""
    os.environ.pop("TMPDIR", None)
    tempfile.tempdir = None
    shutil.rmtree(folder, ignore_errors=True)


def forget_the_dead() -> None:
    """Remove what runs left behind that were killed."""
    for folder in MEMORY.glob(f"{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        if not Path(f"/proc/{pid}").exists():
            with suppress(OSError):
                shutil.rmtree(folder)
