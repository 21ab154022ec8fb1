"""The shipped sector table: what the sector factor of most stocks rests on."""

import tomllib
from pathlib import Path
from typing import Any

from tui.domain.symbol import HSI, HSTECH, is_hk_stock, parse_symbol

TABLE = Path(__file__).resolve().parents[2] / "tui" / "tables" / "sectors.toml"


def table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def listed() -> list[tuple[str, str, str]]:
    sectors = table()["sectors"].values()
    return [tuple(row) for group in (*sectors, table()["others"]) for row in group["members"]]


def test_every_stock_stands_in_one_group_under_both_names() -> None:
    codes = [code for code, _, _ in listed()]
    assert len(codes) == len(set(codes))
    for code, name_en, name_zh in listed():
        assert parse_symbol(code) == code
        assert is_hk_stock(parse_symbol(code))
        assert name_en.isascii()
        assert name_en.strip() == name_en != ""
        assert name_zh.strip() == name_zh != ""


def test_every_group_without_an_index_has_three_peers_for_each_member() -> None:
    for name, group in table()["sectors"].items():
        assert group["name_en"], name
        assert not group["name_zh"].isascii(), name
        assert group.get("index", HSTECH) == HSTECH, name
        assert "index" in group or len(group["members"]) >= 4, name


def test_the_tech_names_of_the_sample_are_explained_by_the_tech_index() -> None:
    sectors = table()["sectors"]
    by_index = {row[0] for group in sectors.values() if group.get("index") == HSTECH for row in group["members"]}
    tech = "9988 1810 0700 3690 9618 2618 9888 9626 1024 9999 9961 0981 0992"
    others = "0005 1299 0388 1211 0941 9992"
    assert {f"{code}.HK" for code in tech.split()} <= by_index
    assert not {f"{code}.HK" for code in others.split()} & by_index


def test_heavy_constituents_are_stocks_of_the_table() -> None:
    codes = {code for code, _, _ in listed()}
    constituents = table()["constituents"]
    assert set(constituents) == {HSI, HSTECH}
    for members in constituents.values():
        assert set(members) <= codes
