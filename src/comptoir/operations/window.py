"""The way to the console: it is loaded when somebody first looks at it, so that who never does carries none of it."""

from collections.abc import Callable, Iterable
from threading import Lock

from comptoir.operations.access import App, Environ, Start

PATH = "/console"


class WindowDoor:
    """Hands what is asked of the console to it, and everything else on."""

    def __init__(self, app: App, make: Callable[[], App]) -> None:
        self._app = app
        self._make = make
        self._window: App | None = None
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer as a WSGI application."""
        path = environ.get("PATH_INFO", "")
        if path != PATH and not path.startswith(f"{PATH}/"):
            return self._app(environ, start_response)
        return self._opened()(environ, start_response)

    def _opened(self) -> App:
        """The console, opened once however many come at the same moment."""
        if self._window is None:
            with self._lock:
                if self._window is None:
                    self._window = self._make()
        return self._window
