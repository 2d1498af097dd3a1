"""What is exported, imported into a fresh shop and exported again is the same to the byte."""

from pathlib import Path

import pytest

from comptoir.domain.exchange.formats import FORMATS, FileFormat
from comptoir.domain.exchange.tables import KINDS
from comptoir.domain.inventory.stock import check_stock
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import OpenShop
from tests.dialects.worlds import load_world
from tests.domain.exchange.given import all_exported, all_imported, fresh_shop, imported, rows_of
from tests.domain.exchange.varied import varied_rows, varied_stock
from tests.engines import Engines

DOCUMENTED = Path(__file__).parents[3] / "src/comptoir/demo/documented"


@pytest.fixture
def varied(shop: OpenShop) -> OpenShop:
    """A shop with hostile text in every field."""
    for name in KINDS:
        if name == "stock":
            assert imported(shop, name, varied_stock()).refused == []
        elif name != "assets":
            rows = varied_rows(name)
            report = imported(shop, name, rows)
            assert (name, report.refused, report.created) == (name, [], len(rows))
    return shop


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_documented_world_comes_back(
    shop: OpenShop, engine: str, engines: Engines, tmp_path: Path, file_format: FileFormat
) -> None:
    load_world(shop, "documented")
    files = all_exported(shop, file_format)
    with fresh_shop(engines, engine, tmp_path / "other") as other:
        all_imported(other, files, file_format, chunk=3)
        assert all_exported(other, file_format) == files
        assert other.read(prove_books) == []


@pytest.mark.parametrize("file_format", FORMATS)
def test_hostile_text_comes_back(
    varied: OpenShop, engine: str, engines: Engines, tmp_path: Path, file_format: FileFormat
) -> None:
    files = all_exported(varied, file_format)
    with fresh_shop(engines, engine, tmp_path / "other") as other:
        all_imported(other, files, file_format)
        assert all_exported(other, file_format) == files
        assert other.read(prove_books) == []
        assert other.read(check_stock) == []


def test_what_was_given_is_what_is_kept(varied: OpenShop) -> None:
    for name in KINDS.keys() - {"assets", "stock"}:
        for given, kept in zip(varied_rows(name), rows_of(varied, name), strict=True):
            plain = (
                given.keys()
                - {"lines", "items", "line_items", "values", "entries"}
                - {made for made in KINDS[name].made if not given[made]}
            )
            assert {key: kept[key] for key in plain} == {key: given[key] for key in plain}


def test_both_formats_say_the_same(varied: OpenShop, engine: str, engines: Engines, tmp_path: Path) -> None:
    lines = all_exported(varied, "jsonl")
    with fresh_shop(engines, engine, tmp_path / "other") as other:
        all_imported(other, all_exported(varied, "csv"), "csv")
        assert all_exported(other, "jsonl") == lines


def test_the_same_file_again_changes_nothing(varied: OpenShop) -> None:
    for name, content in all_exported(varied).items():
        report = imported(varied, name, content)
        assert (report.created, report.unchanged, report.refused) == (0, report.read, [])


def test_both_engines_write_the_documented_files(shop: OpenShop) -> None:
    # The demo's files are this export; where they differ, write them again.
    load_world(shop, "documented")
    files = {name: content for name, content in all_exported(shop).items() if content and name != "assets"}
    assert {path.stem for path in DOCUMENTED.glob("*.jsonl")} == files.keys()
    for name, content in files.items():
        assert (DOCUMENTED / f"{name}.jsonl").read_bytes() == content, name
