"""What happens at the bank is told to whoever wants to hear of it, by the same webhooks as all else."""

from comptoir.domain.banking.transfers.rules import TransferOrder
from comptoir.domain.banking.transfers.transferring import create_transfer
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.transfers.given import account, found, person
from tests.domain.webhooks.given import endpoint, queued, telling


def test_a_transfer_is_told_once_with_its_transactions(shop: OpenShop) -> None:
    telling(shop)
    shop.write(found)
    ends = shop.write(people)
    endpoint(shop, kinds=["bank_transfer.*"])
    shop.write(lambda tx: create_transfer(tx, TransferOrder(*ends, 1_250, tag="told")))
    assert [one.kind for one in queued(shop)] == ["bank_transfer.settled"]


def people(tx: Tx) -> tuple[int, int, int]:
    """A customer with two accounts and something on the first."""
    customer_id = person(tx)
    return customer_id, account(tx, customer_id, 5_000), account(tx, customer_id, name="Aside")
