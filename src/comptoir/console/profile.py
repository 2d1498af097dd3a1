"""One's own page: name, password, second factor with its recovery codes, and where one is signed in."""

from collections.abc import Sequence
from dataclasses import replace

from comptoir.console import kinds
from comptoir.console.cells import Cell
from comptoir.console.forms import Field, Form
from comptoir.console.once import shown_once
from comptoir.console.people import AREA_WORDS
from comptoir.console.places import address_of
from comptoir.console.proving import CURRENT, PASSWORDS, prove
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.actions import set_password, update_operator
from comptoir.domain.identity.permissions import SEE
from comptoir.domain.identity.queries import get_operator
from comptoir.domain.identity.second_factor import (
    begin_totp,
    confirm_totp,
    find_begun_totp,
    get_factor,
    remove_totp,
    renew_recovery_codes,
)
from comptoir.domain.identity.sessions import end_one_session, end_sessions_of, list_sessions
from comptoir.domain.tx import Tx

NAME = Form("update", (Field("name", "Name", required=True, autocomplete="name"),))
PASSWORD = Form(
    "password",
    (
        CURRENT,
        Field("password", "New password", kinds.PASSWORD, required=True, autocomplete="new-password"),
        Field("again", "New password again", kinds.PASSWORD, required=True, autocomplete="new-password"),
    ),
    "Change the password",
)
BEGIN = Form("begin", (CURRENT,), "Set one up")
# On one page with the next, so its field has another name.
OFF = Form("off", (replace(CURRENT, name="proof"),), "Take it off")
CODES = Form("codes", (CURRENT,), "Make other recovery codes")
CONFIRM = Form(
    "confirm",
    (Field("code", "Code that the authenticator shows", required=True, autocomplete="one-time-code"),),
    "Confirm",
)
PROFILE, FACTOR = "/profile", "/profile/second-factor"


def show(visit: Visit) -> Answer:
    """Who one is, what one may do, and where one is signed in."""
    own_id = visit.who.operator_id
    values = {
        "own": get_operator(visit.tx, own_id),
        "permissions": permissions_shown(visit),
        "factor": get_factor(visit.tx, own_id),
        "name": NAME.filled(visit, address_of(f"{PROFILE}/update"), {"name": visit.who.operator_name}),
        "password": PASSWORD.filled(visit, address_of(f"{PROFILE}/password")),
        "sessions": list_sessions(visit.tx, operator_id=own_id),
    }
    return Shown("profile.html", values)


def permissions_shown(visit: Visit) -> Sequence[Sequence[Cell]]:
    """What the operator may do, area by area."""
    return [
        [Cell(words), Cell("see and change" if visit.may(area) else "see", "badge")]
        for area, words in AREA_WORDS.items()
        if visit.may(area, SEE)
    ]


def rename(visit: Visit) -> Answer:
    """Go by another name."""
    changes = NAME.changes(visit, {"name": visit.who.operator_name})
    update_operator(visit.tx, operator_id=visit.who.operator_id, **changes)
    return Gone(address_of(PROFILE), "Your name was saved." if changes else "Nothing was changed.")


def change_password(visit: Visit) -> Answer:
    """Sign in with another password from now on; the other sessions end."""
    prove(visit)
    password = visit.asked.posted("password")
    if password != visit.asked.posted("again"):
        raise Invalid("again", "is not the same")

    def work(tx: Tx) -> None:
        set_password(
            tx,
            operator_id=visit.who.operator_id,
            password=password,
            passwords=PASSWORDS,
            kept_session_id=visit.who.id,
        )

    visit.write(work)
    return Gone(address_of(PROFILE), "Your password was changed; your other sessions have ended.")


def end_session(visit: Visit) -> Answer:
    """Sign out elsewhere."""
    end_one_session(visit.tx, operator_id=visit.who.operator_id, session_id=visit.id)
    return Gone(address_of(PROFILE), "That session has ended.")


def end_others(visit: Visit) -> Answer:
    """Sign out everywhere else."""
    ended = end_sessions_of(visit.tx, operator_id=visit.who.operator_id, kept_id=visit.who.id)
    return Gone(address_of(PROFILE), f"{ended} other sessions have ended.")


def show_factor(visit: Visit) -> Answer:
    """The second factor: what it is, how it is set up, and how it is taken off."""
    own_id = visit.who.operator_id
    begun = find_begun_totp(visit.tx, own_id)
    values = {
        "factor": get_factor(visit.tx, own_id),
        "begun": begun,
        "picture": None if begun is None else picture_of(begun.uri),
        "begin": BEGIN.filled(visit, address_of(f"{FACTOR}/begin")),
        "confirm": CONFIRM.filled(visit, address_of(f"{FACTOR}/confirm")),
        "off": OFF.filled(visit, address_of(f"{FACTOR}/off")),
        "codes": CODES.filled(visit, address_of(f"{FACTOR}/codes")),
    }
    return Shown("factor.html", values)


def begin(visit: Visit) -> Answer:
    """Get a secret for an authenticator."""
    prove(visit)
    visit.write(lambda tx: begin_totp(tx, operator_id=visit.who.operator_id))
    return Gone(address_of(FACTOR))


def confirm(visit: Visit) -> Answer:
    """Prove that the authenticator works; from now on it is asked for."""
    codes = confirm_totp(
        visit.tx,
        operator_id=visit.who.operator_id,
        code=CONFIRM.read(visit)["code"],
        secret=visit.home.secret,
        kept_session_id=visit.who.id,
    )
    return codes_once(codes, "The second factor is on.")


def take_off(visit: Visit) -> Answer:
    """Sign in with the password alone again."""
    prove(visit, "proof")
    visit.write(lambda tx: remove_totp(tx, operator_id=visit.who.operator_id))
    return Gone(address_of(FACTOR), "The second factor is off.")


def renew_codes(visit: Visit) -> Answer:
    """Get other recovery codes; those of before are good for nothing."""
    prove(visit)
    own_id, secret = visit.who.operator_id, visit.home.secret
    codes = visit.write(lambda tx: renew_recovery_codes(tx, operator_id=own_id, secret=secret))
    return codes_once(codes, "These are your recovery codes now.")


def codes_once(codes: Sequence[str], title: str) -> Answer:
    """The recovery codes, shown once."""
    return shown_once(
        title=title,
        way=[("Your profile", address_of(PROFILE)), ("Second factor", address_of(FACTOR))],
        about="Keep these recovery codes where you find them without your authenticator. Each lets you in once "
        "in its place. They are shown now and never again.",
        secrets=[("Recovery codes", "\n".join(codes))],
        onward=address_of(FACTOR),
    )


def picture_of(uri: str) -> tuple[int, str]:
    """An address as a square of black modules: its side, and the path that draws them."""
    import segno  # noqa: PLC0415 - loaded where a picture is drawn

    matrix = segno.make(uri, error="m", micro=False).matrix
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix, 4) for x, module in enumerate(row, 4) if module
    )
    return len(matrix) + 8, path


PAGES = (
    Page(PROFILE, show, None),
    Act(f"{PROFILE}/update", rename, None, show),
    Act(f"{PROFILE}/password", change_password, None, show, alone=True),
    Act(f"{PROFILE}/sessions/{{id:digits}}/end", end_session, None, show),
    Act(f"{PROFILE}/sessions/end-others", end_others, None, show),
    Page(FACTOR, show_factor, None),
    Act(f"{FACTOR}/begin", begin, None, show_factor, alone=True),
    Act(f"{FACTOR}/confirm", confirm, None, show_factor),
    Act(f"{FACTOR}/off", take_off, None, show_factor, alone=True),
    Act(f"{FACTOR}/codes", renew_codes, None, show_factor, alone=True),
)
