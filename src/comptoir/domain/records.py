"""Every record of every room, imported in one place so that the schema is whole."""

from comptoir.domain.events import models as events
from comptoir.domain.identity import models as identity

ROOMS = (events, identity)
