"""The sector table with the user's groups laid over the shipped one."""

from pathlib import Path

from tui.config import Config, load
from tui.config.tables import sector_table
from tui.domain.symbol import HSI, HSTECH, Symbol

TENCENT, BYD, MAKER = Symbol("0700.HK"), Symbol("1211.HK"), Symbol("9880.HK")


def settings(tmp_path: Path, text: str) -> Config:
    file = tmp_path / "config.toml"
    file.write_text(text)
    return load(file)


def test_without_groups_of_the_users_it_is_the_shipped_table() -> None:
    assert sector_table() == sector_table(Config())
    assert sector_table().index_of["tech"] == HSTECH


def test_a_new_group_takes_its_members_from_where_they_were(tmp_path: Path) -> None:
    table = sector_table(settings(tmp_path, '[sectors.robots]\nmembers = ["9880", "1211"]\nindex = "^HSI"\n'))
    assert (table.sector(MAKER), table.sector(BYD)) == ("robots", "robots")
    assert table.peers(MAKER) == (BYD,)
    assert table.index_of["robots"] == HSI
    assert table.instruments[BYD].name_zh == "比亞迪股份", "what is known of a stock stays known"
    assert BYD not in table.peers(Symbol("2015.HK"))


def test_a_shipped_groups_name_adds_to_it_and_keeps_its_index(tmp_path: Path) -> None:
    table = sector_table(settings(tmp_path, '[sectors.tech]\nmembers = ["9880"]\n'))
    assert table.peers(TENCENT)[0] == MAKER, "the user's members stand first"
    assert len(table.peers(TENCENT)) == len(sector_table().peers(TENCENT)) + 1
    assert table.index_of["tech"] == HSTECH
    other = sector_table(settings(tmp_path, '[sectors.tech]\nmembers = ["9880"]\nindex = "^HSI"\n'))
    assert other.index_of["tech"] == HSI
