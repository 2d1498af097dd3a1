"""Serving in a process that has loaded nothing but the server: the command line alone weighs 20 MiB.

The process stays the same one; only what it had loaded is let go, and the settings are handed on in memory.
"""

import gc
import json
import os
import pickle
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from comptoir.settings import Settings


def serve_alone(settings: "Settings", *, with_worker: bool, as_json: bool) -> NoReturn:
    """Become a process that serves, and nothing else."""
    handle, end = os.pipe()
    with os.fdopen(end, "wb") as handing:
        # Settings are far shorter than what a pipe holds, so nobody need be reading yet.
        pickle.dump((settings, with_worker, as_json), handing)
    os.set_inheritable(handle, True)  # noqa: FBT003 - the standard library's signature
    os.execv(sys.executable, [sys.executable, "-m", "comptoir.lean", str(handle)])  # noqa: S606 - ourselves


def main() -> None:
    """Serve with the settings that were handed on; what cannot be done is a sentence, never a traceback."""
    with os.fdopen(int(sys.argv[1]), "rb") as handed:
        # The class is loaded with its module, and nothing else is.
        settings, with_worker, as_json = pickle.load(handed)  # noqa: S301 - see above
    # Much is loaded and nothing thrown away: looking for what could be would only take time.
    gc.disable()
    # structlog takes rich along for tracebacks in colour, of which a server's log has none: 8 MiB more.
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type]
    from comptoir.domain.errors import ComptoirError  # noqa: PLC0415 - after the above
    from comptoir.serving import serve  # noqa: PLC0415
    from comptoir.storage.errors import DatabaseAway, StorageError  # noqa: PLC0415

    try:
        serve(settings, with_worker=with_worker)
        # All is finished: being told to stop once more, on the way out, makes it no failure.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
    except KeyboardInterrupt:
        sys.exit(130)
    except (ComptoirError, StorageError, OSError) as error:
        said = " ".join((str(error) or type(error).__name__).split())
        if isinstance(error, DatabaseAway):
            said = f"the database does not answer: {said}"
        sys.stderr.write(f"{json.dumps({'error': said}) if as_json else f'comptoir: {said}'}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
