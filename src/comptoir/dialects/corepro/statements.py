"""Statements: which there are, and each as a file to keep (reference 3.11)."""

from zoneinfo import ZoneInfo

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading
from comptoir.dialects.corepro.documents_sent import FILE_CONTENT, file_content
from comptoir.dialects.corepro.replies import moment, ok
from comptoir.dialects.corepro.shapes import (
    BIG_ID,
    COUNT,
    ID,
    MOMENT,
    a_list,
    an_object,
    one_of,
    placed,
    queried,
)
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.banking.statements.models import STATEMENT_TYPES
from comptoir.domain.banking.statements.queries import (
    StatementRow,
    get_facts,
    get_statement,
    list_statements,
)
from comptoir.papers.statements import CSV, JSON, PDF, statement_file

CUSTOMER, VALUE, CONVERT = 60001, 59956, 59900
# A PDF unless the caller says otherwise: by the query, or as one client does by what it accepts (8.5).
FORMATS = {"pdf": PDF, "csv": CSV, "json": JSON}
YEAR_MAX = 9999

TYPE = one_of(STATEMENT_TYPES)
YEAR, MONTH = {**COUNT, "maximum": YEAR_MAX}, {**COUNT, "minimum": 1, "maximum": 12}
STATEMENT = an_object(
    {"createdDate": MOMENT, "customerId": ID, "month": MONTH, "statementId": ID, "type": TYPE, "year": YEAR},
    always=("createdDate", "customerId", "month", "statementId", "type", "year"),
)


def list_all(call: Call, asked: Asked) -> Reply:
    """Every statement of a customer, the newest first."""
    zone = get_program(call.tx).zone
    customer = get_customer(call.tx, asked.id_place(0))
    return ok([_shown(row, zone) for row in list_statements(call.tx, customer.customer_id)])


def search(call: Call, asked: Asked) -> Reply:
    """A customer's statements of a type, a year and a month; what is left open may be any."""
    zone = get_program(call.tx).zone
    type_ = asked.choice_place(1, STATEMENT_TYPES, "type")
    year, month = asked.whole_place(2, "year", most=YEAR_MAX), asked.whole_place(3, "month", least=1, most=12)
    customer = get_customer(call.tx, asked.id_place(0))
    found = list_statements(call.tx, customer.customer_id)
    return ok([
        _shown(row, zone)
        for row in found
        if type_ in {None, row.type} and year in {None, row.year} and month in {None, row.month}
    ])  # fmt: skip


def get(call: Call, asked: Asked) -> Reply:
    """One statement, without what it says."""
    zone = get_program(call.tx).zone
    customer = get_customer(call.tx, asked.id_place(0))
    return ok(_shown(get_statement(call.tx, customer.customer_id, asked.id_place(1)), zone))


def download(call: Call, asked: Asked) -> Reply:
    """A statement as a file."""
    customer = get_customer(call.tx, asked.id_place(0))
    kind = _kind(call, asked)
    asked.settle()
    row = get_statement(call.tx, customer.customer_id, asked.id_place(1))
    facts = get_facts(call.tx, customer.customer_id, row.id)
    return ok(file_content(statement_file(row, facts, kind), kind))


def _kind(call: Call, asked: Asked) -> str:
    chosen = asked.query_choice("format", FORMATS)
    if chosen is not None:
        return FORMATS[chosen]
    accepted = call.request.headers.get("accept", "").partition(",")[0].partition(";")[0]
    return CSV if accepted.strip().lower() == CSV else PDF


def _shown(row: StatementRow, zone: ZoneInfo) -> dict[str, object]:
    return {
        "createdDate": moment(row.created_at, zone),
        "customerId": row.customer_id,
        "month": row.month,
        "statementId": row.id,
        "type": row.type,
        "year": row.year,
    }


ONE = (placed("customerId"), placed("statementId", BIG_ID))
CALLS = (
    reading(
        "statement/list", list_all, takes=(placed("customerId"),), shows=a_list(STATEMENT), codes=(CUSTOMER,),
        text="List a customer's statements",
    ),
    reading(
        "statement/search", search,
        takes=(
            placed("customerId"), placed("type", TYPE, is_required=False), placed("year", YEAR, is_required=False),
            placed("month", MONTH, is_required=False),
        ),
        shows=a_list(STATEMENT), codes=(CUSTOMER, VALUE, CONVERT), text="Find a customer's statements of a period",
    ),
    reading("statement/get", get, takes=ONE, shows=STATEMENT, codes=(CUSTOMER, VALUE), text="Show one statement"),
    reading(
        "statement/download", download, takes=(*ONE, queried("format", one_of(FORMATS))), shows=FILE_CONTENT,
        codes=(CUSTOMER, VALUE), text="Give a statement out as PDF, CSV or JSON",
    ),
)  # fmt: skip
