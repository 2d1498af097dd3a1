"""What is refused when money is to move."""

from comptoir.domain.errors import NotFound


class TransactionNotFound(NotFound):
    """There is no such transaction."""

    def __init__(self, transaction_id: int | str) -> None:
        super().__init__(f"there is no transaction {transaction_id}")
