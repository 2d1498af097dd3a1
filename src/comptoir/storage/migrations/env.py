"""Runs migrations on the connection that is handed over, inside the transaction that is open on it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], target_metadata=None)
context.run_migrations()
