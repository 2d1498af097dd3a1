"""What the ledger does and refuses, told as tables."""

import pytest

from comptoir.domain.ledger.books import check_books
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.ledger.tables import Table

TABLES = {
    "a sale": """
        open till asset
        open sales income
        open tax liability
        post till 110 sales -100 tax -10
        stands till 110
        stands sales 100
        stands tax 10
    """,
    "refusals in their order of precedence": """
        open till asset
        open purse liability 0
        open shut asset
        close shut
        post till 5                          ! Invalid
        post till 0 purse 0                  ! Invalid
        post nowhere 0 purse 0               ! Invalid
        post nowhere 5 shut -4               ! AccountNotFound
        post till 5 purse -5 tag=a
        post till 6 shut -5 tag=a            ! TagAlreadyUsed
        post shut 5 purse -4                 ! AccountClosed
        post purse 9 till -8                 ! Unbalanced
        post purse 6 till -6                 ! InsufficientFunds
        post till 20000000000000000 purse -20000000000000000  ! Invalid
        stands till 5
        stands purse 5
    """,
    "a tag is one transfer": """
        open a asset
        open b asset
        post a 5 b -5 tag=x
        post a 5 b -5 tag=x
        post b -5 a 5 tag=x
        stands a 5
        post a 6 b -6 tag=x                  ! TagAlreadyUsed
        post b 5 a -5 tag=x                  ! TagAlreadyUsed
        stands a 5
    """,
    "pending money leaves at once and comes late": """
        open bank asset
        open ann liability 0
        open bob liability 0
        post bank 100 ann -100
        await gift ann 60 bob -60
        stands ann 100 40
        stands bob 0 0
        post ann 41 bank -41                 ! InsufficientFunds
        post ann 40 bank -40
        settle gift
        stands ann 0 0
        stands bob 60 60
        settle gift                          ! NotPending
        void gift                            ! NotPending
        settle nothing                       ! TransferNotFound
    """,
    "a voided transfer never happened": """
        open bank asset
        open ann liability 0
        await in bank 70 ann -70
        stands ann 0 0
        void in
        stands ann 0 0
        stands bank 0
        reverse in                           ! NotPosted
    """,
    "a mistake is reversed once": """
        open a asset
        open b income
        post a 7 b -7
        reverse last
        stands a 0
        stands b 0
        reverse last                         ! AlreadyReversed
        reverse nothing                      ! TransferNotFound
    """,
    "held money is not available": """
        open bank asset
        open ann liability 0
        post bank 100 ann -100
        hold card ann 80
        stands ann 100 20
        hold more ann 21                     ! InsufficientFunds
        post ann 21 bank -21                 ! InsufficientFunds
        hold none ann 0                      ! Invalid
        take card ann 81 bank -81            ! Invalid
        take card bank 50 ann -50            ! Invalid
        take card ann 50 bank -50
        stands ann 50 50
        take card ann 50 bank -50            ! HoldEnded
        hold again ann 50
        free again
        free again                           ! HoldEnded
        free nothing                         ! HoldNotFound
        stands ann 50 50
    """,
    "a whole hold can be taken from an account that it empties": """
        open bank asset
        open ann liability 0
        post bank 30 ann -30
        hold card ann 30
        take card ann 30 bank -30
        stands ann 0 0
    """,
    "what is under its floor may still rise": """
        open bank asset
        open ann liability -10
        post ann 10 bank -10
        post ann 1 bank -1                   ! InsufficientFunds
        post bank 3 ann -3
        stands ann -7
    """,
    "an account is closed when it is empty": """
        open a asset
        open b asset
        post a 5 b -5
        close a                              ! AccountNotEmpty
        post b 5 a -5
        close a
        close a                              ! AccountClosed
        close never                          ! AccountNotFound
        hold h a 1                           ! AccountClosed
        open a asset                         ! AccountCodeTaken
        open c thing                         ! Invalid
    """,
}


@pytest.mark.parametrize("name", TABLES)
def test_table(name: str, shop: OpenShop) -> None:
    def play(tx: Tx) -> None:
        Table(tx).play(TABLES[name])
        assert check_books(tx) == []

    shop.write(play)
