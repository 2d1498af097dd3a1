"""Substring search: what a trigram index can answer, and how it is asked.

Both engines keep the trigrams of the columns that a record declares in `__substring_search__`. The index
only proposes rows: the statement tests each of them again, so that an answer never depends on the index.
"""

import re

from comptoir.storage.schema import Record
from comptoir.storage.session import Session

TRIGRAM = 3
TERMS_MAX = 12
# Room for 2**56 ids, and for 128 columns in the row ids that SQLite has.
ROWS_PER_COLUMN = 1 << 56
# Characters of which both SQLite's trigram tokenizer and ours fold every capital alike. In some young
# scripts it knows fewer capitals than Python does; patterns with such letters are looked for row by row.
FOLDED_ALIKE = re.compile(
    "[\u0001-\u017f\u0300-\u03f2\u03f4-\u0527\u0531-\u109f\u1e00-\u1fff\u2000-\u2bff\u3000-\u9fff"
    "\uac00-\ud7a3\uff00-\uffef\U0001f000-\U0001faff]+"
)
LIKE_SIGNS = re.compile(r"([\\%_])")


def trigram_table(table: str) -> str:
    """The name of SQLite's trigram table of one record."""
    return f"{table}_substring"


def first_row(record: type[Record], column: str) -> int:
    """Where the texts of a column begin in the trigram table: the text of record 7 is seven rows further.

    Each column has a range of row ids of its own, so that one small table serves all of them (each table
    costs each transaction a write of its own) and yet a frequent word of one column can be absent in another.
    """
    return searched_columns(record).index(column) * ROWS_PER_COLUMN


def searched_columns(record: type[Record]) -> tuple[str, ...]:
    """The columns behind which a record has trigrams."""
    return record.__substring_search__


def is_indexable(pattern: str) -> bool:
    """Whether the trigrams find every text that holds the folded pattern."""
    return len(pattern) >= TRIGRAM and FOLDED_ALIKE.fullmatch(pattern) is not None


def is_kept(session: Session, table: str, key: str) -> bool:
    """Whether SQLite's trigrams are whole just now.

    During a bulk load they are not kept, and ids beyond a column's range are not in them.
    """
    last = f"{trigram_table(table)}_delete"
    found = session.script(
        f"SELECT (SELECT coalesce(max({key}), 0) FROM {table}), (SELECT coalesce(min({key}), 0) FROM {table})"
        " FROM sqlite_master WHERE type = 'trigger' AND name = ?",
        (last,),
    )
    return bool(found) and found[0][0] < ROWS_PER_COLUMN and found[0][1] >= 0


def match_of(pattern: str) -> str:
    """SQLite's full-text query for the texts that hold the trigrams of the pattern.

    Each trigram is a quoted phrase, in which nothing but the quote has a meaning. Every second one is
    enough to have each two neighbours side by side, and of a long pattern fewer, spread over it, will do:
    each further term costs a walk through its own list, and the found rows are tested anyway.
    """
    last = len(pattern) - TRIGRAM
    places = [*range(0, last, max(2, -(-last // TERMS_MAX))), last]
    trigrams = dict.fromkeys(pattern[place : place + TRIGRAM] for place in places)
    return " AND ".join('"' + trigram.replace('"', '""') + '"' for trigram in trigrams)


def like_of(pattern: str) -> str:
    """PostgreSQL's LIKE pattern for texts that hold the pattern, of which no character is a wildcard."""
    return "%" + LIKE_SIGNS.sub(r"\\\1", pattern) + "%"
