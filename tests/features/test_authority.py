from __future__ import annotations

from features.authority import AUTHORITIES, COOPERATION, OFFICES, POWER, articles_of
from features.law import RULES
from features.ledger.tables import TABLES


def test_every_tax_item_has_an_article_with_its_source() -> None:
    assert set(AUTHORITIES) == TABLES["debts"].column("tax_item").allowed
    assert all(rule.article and rule.source and rule.sentence for rule in AUTHORITIES.values())


def test_articles_stand_once_in_the_order_given() -> None:
    text = articles_of(["02", "01", "02"])
    assert text.startswith(f"{POWER}（国民健康保険法")
    assert text.count("地方税法第331条第6項") == 1
    assert articles_of(["99"]) == POWER


def test_public_offices_are_asked_to_cooperate_and_nobody_else_is() -> None:
    for kind in OFFICES:
        assert articles_of(["01"], kind) == f"{COOPERATION}（地方税法第331条第6項による）"
    for kind in ("bank", "employer", "life_insurance", "receivable", "securities", "", "crypto"):
        assert articles_of(["01"], kind).startswith(POWER)
    rule = {rule.name: rule for rule in RULES}["cooperation"]
    assert (rule.article, rule.basis) == ("国税徴収法 146の2", "stated")
    assert "第146条の2関係" in rule.source
