"""Bringing a database to the schema of this release."""

from sqlalchemy.schema import CreateIndex, CreateTable

from comptoir.storage.database import Database
from comptoir.storage.schema import Record
from comptoir.storage.session import Session


def migrate(database: Database) -> None:
    """Create what is missing."""

    def create(session: Session) -> None:
        for table in Record.metadata.sorted_tables:
            session.script(str(CreateTable(table).compile(dialect=database.dialect)))
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                session.script(str(CreateIndex(index).compile(dialect=database.dialect)))

    database.write(create)
