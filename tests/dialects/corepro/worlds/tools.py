"""A program whose key is known, so that something can be encrypted for it once and for all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from comptoir.domain.banking.program.models import Program

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop

KEY = Path(__file__).with_name("pin_key.pem")


def load(shop: OpenShop) -> None:
    shop.write(lambda tx: tx.update(Program, 1, pin_key=KEY.read_text()))
