"""Tables of data beside the modules."""

from corpus.tables import read_table


def test_a_table_is_read_from_its_package():
    table = read_table("corpus.characters", "folding.json")
    assert set(table) >= {"signs", "radicals", "eras"}
