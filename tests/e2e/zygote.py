"""Starts servers from one process that has everything loaded, so that a server starts in no time.

A line in is a port; a line out is the process that serves there, the first of a group of its own.
"""

import os
import signal
import sys
from pathlib import Path

from comptoir.serving import serve
from comptoir.settings import Settings


def main(data_dir: Path) -> None:
    """Start a server for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those that are killed are not waited for
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            serve(Settings(data_dir=data_dir, port=int(line), access_log=False, log_level="error"))
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
