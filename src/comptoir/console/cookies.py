"""The console's cookies: who is signed in, and what is to be said on the next page."""

import falcon

SESSION = "comptoir_session"
SAID = "comptoir_said"
THEME = "comptoir_theme"
ENTERING = "comptoir_entering"
PATH = "/console"


def note_scheme(req: falcon.Request, resp: falcon.Response) -> None:
    """Remember whether the answer goes over TLS: then every cookie stays there."""
    resp.context.is_secure = req.scheme == "https"


def read_session_cookie(value: str) -> tuple[str, str]:
    """The shop's name and the session's key; both empty when the cookie is none of ours."""
    shop, dot, key = value.partition(".")
    return (shop, key) if dot and key.isalnum() and key.isascii() else ("", "")


def set_session_cookie(resp: falcon.Response, shop: str, key: str) -> None:
    """Let the browser hold the session's key, where no script can read it, for the console alone."""
    resp.set_cookie(
        SESSION, f"{shop}.{key}", path=PATH, http_only=True, same_site="Lax",
        secure=resp.context.is_secure,
    )  # fmt: skip


def forget_session_cookie(resp: falcon.Response) -> None:
    """Let the browser forget it."""
    resp.unset_cookie(SESSION, path=PATH)
