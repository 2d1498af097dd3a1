"""What a refusal says to a person: its own sentence, or the words of its name."""

import re

from comptoir.console.forms import ChangedMeanwhile
from comptoir.domain.errors import ComptoirError, Invalid, NotFound, Problems
from comptoir.storage.errors import StorageError

CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def problems_said(error: Exception) -> dict[str, str]:
    """A refusal by field; what is about no field stands under an empty name."""
    if isinstance(error, ChangedMeanwhile):
        hint = "was changed meanwhile by somebody else; what you typed is still here"
        said = "Somebody else changed this while you were editing. Look at what is marked; save again to overwrite."
        return {"": said, **dict.fromkeys(error.names, hint)}
    if isinstance(error, Problems):
        return dict(reversed(error.problems))
    if isinstance(error, Invalid):
        return {error.field: error.problem}
    return {"": sentence(error)}


def sentence(error: Exception) -> str:
    """One sentence for a refusal as a whole."""
    if isinstance(error, StorageError):
        return "The database is busy or away. Nothing was changed; please try again."
    said = str(error).strip()
    name = CAPITAL.sub(" ", type(error).__name__).lower()
    if " " not in said:
        said = f"{name} ({said})" if said else name
    assert isinstance(error, ComptoirError | NotFound)
    return said[:1].upper() + said[1:] + ("" if said.endswith((".", "!", "?")) else ".")
