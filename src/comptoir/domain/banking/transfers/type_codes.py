"""The catalogue of type codes: what a transaction is called, for programs and for people (reference 3.9).

`DEP` stands for what came, `WTH` for what went, `XFR` for what moved between two accounts of a customer; before
it stands whose initiative or which account it was. Codes that the published catalogue does not name have texts
of our own.
"""

from typing import NamedTuple

from comptoir.domain.banking.program.models import PROGRAM_ACCOUNT_TYPES
from comptoir.domain.banking.transfers.ends import End, Kind


class TypeText(NamedTuple):
    """What a type is called, and how people are told of it."""

    type: str
    friendly: str


ORIGINATED, CPDEP, CPWTH, CPXFR = "CP", "CPDEP", "CPWTH", "CPXFR"
WIRE_OUT = "WIRWTH"
RETURNED_DEPOSIT, RETURNED_WITHDRAWAL = "RTNWTH", "RTNDEP"
PROGRAM_FEE, PROGRAM_FEE_BACK, EXCESS_FEE = "PRGFEE", "PRGFRV", "RGDFEE"
DEPOSIT_ENDING, WITHDRAW_ENDING = "DEP", "WTH"

CATALOGUE = {
    CPDEP: TypeText("Deposit", "Deposit from an external account"),
    CPWTH: TypeText("Withdrawal", "Withdrawal to an external account"),
    CPXFR: TypeText("Transfer", "Transfer between accounts"),
    WIRE_OUT: TypeText("Wire withdrawal", "Wire to an external account"),
    "UNKDEP": TypeText("ACH deposit", "Deposit by another bank"),
    "UNKWTH": TypeText("ACH withdrawal", "Withdrawal by another bank"),
    "UNKPRG": TypeText("ACH on a program account", "Movement on a program account by another bank"),
    "RTNDEP": TypeText("Return of a withdrawal", "Returned withdrawal"),
    "RTNWTH": TypeText("Return of a deposit", "Returned deposit"),
    "ATHPCH": TypeText("Purchase authorization", "Card purchase, not completed yet"),
    "ATHCSH": TypeText("Cash authorization", "Card cash withdrawal, not completed yet"),
    "ATHRTW": TypeText("Return authorization", "Return to a card, not completed yet"),
    "ATHXFR": TypeText("Transfer authorization", "Card transfer, not completed yet"),
    "CRDPCH": TypeText("Card purchase", "Card purchase"),
    "CRDCSH": TypeText("Card cash withdrawal", "Card cash withdrawal"),
    "CRDXFR": TypeText("Card transfer", "Transfer between accounts by card"),
    "CRDRTN": TypeText("Card return", "Return of a card purchase"),
    "CRDDEP": TypeText("Card deposit", "Deposit by card"),
    "CRDCHB": TypeText("Card chargeback", "Card purchase taken back"),
    "REVPCH": TypeText("Reversal of a card purchase", "Card purchase reversed"),
    "REVCSH": TypeText("Reversal of card cash", "Card cash withdrawal reversed"),
    "REVXFR": TypeText("Reversal of a card transfer", "Card transfer reversed"),
    "REVRTN": TypeText("Reversal of a card return", "Return of a card purchase reversed"),
    "RTPWTH": TypeText("Real-time payment", "Real-time payment"),
    PROGRAM_FEE: TypeText("Fee", "Fee"),
    PROGRAM_FEE_BACK: TypeText("Fee reversal", "Fee given back"),
    "PXTFEE": TypeText("Fee to an external account", "Fee"),
    "PXTFRV": TypeText("Fee reversal from an external account", "Fee given back"),
    "FEEDBT": TypeText("Fee debit", "Fee"),
    "FEECRD": TypeText("Fee credit", "Fee given back"),
    "INTPAY": TypeText("Interest", "Interest paid"),
    "INTWHD": TypeText("Withholding", "Tax withheld from interest"),
    "INTWTH": TypeText("Withholding", "Tax withheld from interest"),
    "VERDEP": TypeText("Verification deposit", "Trial deposit"),
    "VERWTH": TypeText("Verification withdrawal", "Trial deposits taken back"),
    "ECOWTH": TypeText("eCode purchase", "Purchase of a gift code"),
    "ECODEP": TypeText("eCode reversal", "Gift code taken back"),
    EXCESS_FEE: TypeText("Excess withdrawal fee", "Fee for withdrawals beyond those that are free"),
}  # fmt: skip
# What the accounts of the program are called in texts, by their part of the code.
PROGRAM_WORDS = {
    "RSV": "reserve", "BNK": "bank income", "CSH": "petty cash", "INT": "interest", "MSC": "miscellaneous",
    "PCL": "program clearing", "PXT": "program external", "RCL": "return clearing", "RET": "return clearing",
    "RTL": "retail", "STL": "card settlement", "VER": "verification funds",
}  # fmt: skip
# The shop's own movements on the merchant's settlement account, by the ledger's word for them.
TRADE = {
    "sale": ("SAL", "Sale", "Sales of the shop"),
    "fee": ("PRC", "Processing fee", "Fee for processing a sale"),
    "refund": ("RFD", "Refund", "Refund to a buyer"),
    "chargeback": ("CHB", "Chargeback", "Sale taken back by a buyer's bank"),
    "chargeback_fee": ("CHF", "Chargeback fee", "Fee for a chargeback"),
    "reserve_held": ("HLD", "Reserve", "Held back from a sale"),
    "reserve_released": ("HLD", "Reserve release", "Reserve that is free again"),
    "adjustment": ("ADJ", "Adjustment", "Correction by the processor"),
    "commission": ("COM", "Commission", "Commission from others' sales"),
    "outgoing_commission": ("CMO", "Commission paid", "Commission to an affiliate"),
    "payout": ("PAY", "Payout", "Payout to the merchant"),
    # Until 0.3 all that a sale left was settled by one transfer, and so was a reserve.
    "settlement": ("SAL", "Sale, settled", "Sales of the shop, less what was kept of them"),
    "reserve": ("HLD", "Reserve release", "Reserve that is free again"),
    "payout_fee": ("PYF", "Payout fee", "Fee for sending a payout"),
}
OTHER_TRADE = ("MSC", "Movement", "Movement of the shop")


def type_code_between(source: End, target: End, *, is_wire: bool = False) -> str:
    """The type of a transfer that the API began, from its ends."""
    if is_wire:
        return WIRE_OUT
    if Kind.EXTERNAL in {source.kind, target.kind}:
        return CPWTH if target.kind == Kind.EXTERNAL else CPDEP
    if source.kind == Kind.PROGRAM:
        return f"{source.tuple_code}{DEPOSIT_ENDING if target.is_account else 'XFR'}"
    return f"{target.tuple_code}{WITHDRAW_ENDING}" if target.kind == Kind.PROGRAM else CPXFR


def type_text(type_code: str) -> TypeText:
    """What a type is called."""
    known = CATALOGUE.get(type_code)
    if known is not None:
        return known
    whose, ending = PROGRAM_WORDS.get(type_code[:3]), type_code[3:]
    if whose is None:
        return TypeText(type_code, type_code)
    if ending == DEPOSIT_ENDING:
        return TypeText(f"Deposit from {whose}", f"Deposit from the program's {whose}")
    if ending == WITHDRAW_ENDING:
        return TypeText(f"Withdrawal to {whose}", f"Withdrawal to the program's {whose}")
    return TypeText(f"Transfer from {whose}", f"Transfer from the program's {whose}")


def trade_type(kind: str, *, is_credit: bool) -> tuple[str, TypeText]:
    """The type code and the texts of a movement of the shop, on the account that it concerns."""
    start, type_, friendly = TRADE.get(kind, OTHER_TRADE)
    return f"{start}{DEPOSIT_ENDING if is_credit else WITHDRAW_ENDING}", TypeText(type_, friendly)


assert set(PROGRAM_ACCOUNT_TYPES.values()) <= PROGRAM_WORDS.keys()
