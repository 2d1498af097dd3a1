from tests.cli.conftest import Run


def test_a_new_shop_begins_with_a_table_of_categories_where_it_is_asked_for(run: Run) -> None:
    assert run("init", "bare").code == 0
    assert run("init", "shelved", "--categories").code == 0
    exported = [run("export", "categories", "--shop", shop).out.splitlines() for shop in ("bare", "shelved")]
    assert exported[0] == []
    assert any('"id":17,"name":"Photography"' in line and '"parent_id":1' in line for line in exported[1])
