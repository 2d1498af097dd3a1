"""What happened: the outbox, written in the same transaction as the change itself."""
