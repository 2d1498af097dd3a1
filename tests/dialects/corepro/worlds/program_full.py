"""A program that says everything there is to be said of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.banking.ecodes.offering import offer_ecodes, read_offer
from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.plan import read_plan

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop

PROGRAM = None
OFFER = """
[[products]]
code = "BOOKS"
category = "Retail"
type = "Gift card"
names = { en-US = "Books", es-US = "Libros" }
images = { en-US = "https://pictures.example.com/books.png" }
minimum = "5.00"
maximum = "250.00"
percent_to_customer = "2.50"
reissue = true
"""
PLAN = """
name = "Everything"
website = "https://everything.example.com"
account_type = "Checking"
account_types = ["Checking", "Prepaid"]
external_account_types = ["Checking"]

[bank]
name = "First Bank"
phone = "8005550100"
url = "https://first.example.com"
routing_number = "091000019"
time_zone = "America/New_York"

[verification]
customers = "OFAC Only"

[rules]
sensitive_information = true
interest = true
debit_rewards = true
deposit_available_days = 3
accounts = 7
external_accounts = 4
total_balance = "250000.00"
reg_d_fee = "10.50"
reg_d_maximum = 6
requests_per_second = 50

[limits]
per_transaction_deposit = { minimum = "0.50", maximum = "1000.00" }
per_transaction_withdraw = { maximum = "900.00" }
program_daily_deposit = { minimum = "0.01" }
program_daily_withdraw = { maximum = "5000.00" }
user_daily_deposit = { maximum = "2000.00" }
user_daily_withdraw = { maximum = "1500.00" }
user_monthly_deposit = { maximum = "20000.00" }
user_monthly_withdraw = { maximum = "15000.00" }

[[rates]]
tier = 1
apr = "0.00000000001"
apy = "0.12345678901"
minimum = "0.01"
maximum = "99.99"
effective = 2026-01-01T05:00:00Z
expires = 2026-07-01T04:00:00Z
description = "The first half of the year"

[[products]]
short_name = "load"
id = 71
name = "Loaded"
description = "Loaded from elsewhere"
type = "Prepaid"
category = "Prepaid"
immediate_load = true
external_withdraw = false
recurring_contributions = false

[products.limits]
balance = { minimum = "1.00", maximum = "500.00" }
per_transaction_deposit = { maximum = "100.00" }
per_transaction_withdraw = { minimum = "5.00" }

[[products]]
short_name = "nest"
id = 72
name = "Nest egg"
type = "Savings"
category = "Savings"
interest = true
reg_d_maximum = 6
reg_d_free = 4

[[accounts]]
type = "ProgramReserve"
description = "Reserve"
account_number = "7001234567"
balance = "12.34"

[[external_accounts]]
type = "ProgramReserve"
routing_number = "091000019"
account_number = "4000123456"
description = "Where the reserve is filled from"
nacha_name = "EVERYTHING"

[[bins]]
prefix = "448590"
network = "VS"
name = "Visa debit"
"""


def load(shop: OpenShop) -> None:
    """Found it."""
    shop.write(lambda tx: found_program(tx, read_plan(PLAN)))
    shop.write(lambda tx: offer_ecodes(tx, read_offer(OFFER)))
