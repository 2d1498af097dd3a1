"""Tools: whose a routing number is, and whether something was encrypted in the right way (reference 3.14)."""

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading
from comptoir.dialects.corepro.documents_sent import read_content
from comptoir.dialects.corepro.refusals import REQUIRED, Refusal, Said
from comptoir.dialects.corepro.replies import ok
from comptoir.dialects.corepro.shapes import TEXT, an_object, given, needed, one_of, placed
from comptoir.dialects.corepro.words import VALUE
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.external import checking
from comptoir.domain.banking.external.checking import routing_faults
from comptoir.domain.banking.files.routing import BankFacts, bank_of
from comptoir.domain.banking.program.deciphering import ALGORITHM_NAMES, decipher, digest_named
from comptoir.domain.banking.program.queries import pin_key_of

KNOWN, UNKNOWN = (200, "OK"), (404, "Routing number is valid, and its bank is not known here.")
NO_KEY = 50904
COMMENT_MAX = 255
ROUTING_FAULTS = {
    checking.ROUTING_UNSAID: 69203, checking.ROUTING_UNKNOWN: 69205, checking.ROUTING_DIGITS: 69206,
    checking.ROUTING_LENGTH: 69207, checking.ROUTING_INVALID: 69208,
}  # fmt: skip

EXTERNAL_BANK = an_object(
    {
        "achRoutingNumber": TEXT, "bankName": TEXT, "mainPhoneNumber": TEXT, "mainUrl": TEXT, "physicalCity": TEXT,
        "physicalState": TEXT, "statusCode": {"type": "integer"}, "statusMessage": TEXT, "swiftIdentifier": TEXT,
    },
    always=("achRoutingNumber", "statusCode", "statusMessage"),
)  # fmt: skip
DECRYPTION = an_object(
    {"algorithm": TEXT, "comment": TEXT, "inputValue": TEXT, "message": TEXT, "outputValue": TEXT},
    always=("algorithm", "inputValue", "message"),
)


def verify_routing_number(_call: Call, asked: Asked) -> Reply:
    """Look a routing number up."""
    number = asked.place(0)
    for fault in routing_faults(number, is_needed=True):
        raise Said(Refusal(ROUTING_FAULTS[fault.kind], f"routingNumber {fault.problem}."))
    assert number is not None
    bank = bank_of(number)
    code, message = UNKNOWN if bank is None else KNOWN
    known = bank or BankFacts(number, "")
    return ok(
        {
            "achRoutingNumber": number,
            "bankName": known.name or None,
            "mainPhoneNumber": known.phone or None,
            "mainUrl": known.url or None,
            "physicalCity": known.city or None,
            "physicalState": known.state or None,
            "statusCode": code,
            "statusMessage": message,
            "swiftIdentifier": known.swift or None,
        }
    )


def test_public_key_decryption(call: Call, asked: Asked) -> Reply:
    """Decrypt what was encrypted for the program's key, so that its callers can try how they do it."""
    asked.demand("inputValue", "algorithm")
    algorithm = asked.text("algorithm") or ""
    digest = digest_named(algorithm)
    if digest is None and algorithm:
        asked.refuse(VALUE, f"algorithm is none of {', '.join(ALGORITHM_NAMES)}.")
    asked.settle()
    assert digest is not None
    pem = pin_key_of(call.tx)
    if pem is None:
        raise Said(Refusal(NO_KEY, "The program has no key."))
    sealed = read_content(asked.raw("inputValue"))
    opened = None if sealed is None else decipher(pem, sealed, digest)
    text = None if opened is None else opened.decode("utf-8", "replace")
    return ok(
        {
            "algorithm": algorithm,
            "comment": asked.text("comment", most=COMMENT_MAX),
            "inputValue": asked.text("inputValue"),
            "message": _message(sealed, opened),
            "outputValue": text,
        }
    )


def _message(sealed: bytes | None, opened: bytes | None) -> str:
    if sealed is None:
        return "The input value is not base64."
    return "Decryption failed." if opened is None else "Decryption succeeded."


CALLS = (
    reading(
        "tools/verifyRoutingNumber", verify_routing_number, takes=(placed("routingNumber", TEXT),), shows=EXTERNAL_BANK,
        codes=tuple(ROUTING_FAULTS.values()), text="Find out whose a routing number is",
    ),
    reading(
        "tools/testPublicKeyDecryption", test_public_key_decryption, method="POST", shows=DECRYPTION,
        takes=(
            needed("inputValue", TEXT, "In base64."), needed("algorithm", one_of(ALGORITHM_NAMES)),
            given("comment", TEXT),
        ),
        codes=(NO_KEY, REQUIRED, VALUE), text="Try whether something was encrypted in the right way",
    ),
)  # fmt: skip
