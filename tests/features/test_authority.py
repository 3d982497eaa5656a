from __future__ import annotations

from features.authority import AUTHORITIES, POWER, articles_of
from features.ledger.tables import TABLES


def test_every_tax_item_has_an_article_with_its_source() -> None:
    assert set(AUTHORITIES) == TABLES["debts"].column("tax_item").allowed
    assert all(rule.article and rule.source and rule.sentence for rule in AUTHORITIES.values())


def test_articles_stand_once_in_the_order_given() -> None:
    text = articles_of(["02", "01", "02"])
    assert text.startswith(f"{POWER}（国民健康保険法")
    assert text.count("地方税法第331条第6項") == 1
    assert articles_of(["99"]) == POWER
