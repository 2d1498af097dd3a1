"""What can go wrong in a database, said the same way for both engines.

StorageError
├─ UniqueTaken         two records would share what must be unique
├─ StillReferenced     a record points at what is missing, or is pointed at
├─ TryAgain            lost a race (lock, deadlock): the same work may succeed now
├─ NewerSchema         a later release has migrated the database
└─ DatabaseAway        the database cannot be reached
"""


class StorageError(Exception):
    """A fault of the database, not of the caller."""


class UniqueTaken(StorageError):
    """A uniqueness rule of the schema was broken, usually by a race."""


class StillReferenced(StorageError):
    """A reference between records would hang in the air."""


class TryAgain(StorageError):
    """The transaction lost a race and may be run again."""


class NewerSchema(StorageError):
    """A later release has migrated the database; this one must not touch it."""


class DatabaseAway(StorageError):
    """The database does not answer."""
