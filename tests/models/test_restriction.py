from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from features.grounds import LISTED
from features.matrix import CATALOGUE
from features.mentions import MANNERS
from models.advice import CaseAdvice, RankedTarget, Reason
from models.know_how import office_rules
from models.restriction import ADDRESS_WORDS, unaddressed

REASONS = (
    Reason("area_account_share", "同じ地域の滞納者の口座は24%がみずほ銀行", 0.5),
    Reason("know_how_score", "職員の経験則「みずほ銀行は住所地を営業地域とする信用金庫など」", 0.25),
    Reason("former_hit_rate", "同じ前住所地の滞納者では判明率が71%", -0.125),
    Reason("is_refund_bank", "還付口座がみずほ銀行にある（2件）", 1.0),
)
TARGET = RankedTarget(
    1, "bank", "0001", "みずほ銀行", 0.4, 50_000, True, 5.0, 2.0,
    ("還付口座", "住所地を営業地域とする金融機関"), REASONS, 2.0, 0.25, 0.125,
)  # fmt: skip
ADVICE = CaseAdvice("a", date(2026, 4, 1), 100_000, True, (), (TARGET,), ())


def test_nothing_speaks_of_the_address_and_the_score_still_adds_up() -> None:
    told = unaddressed(ADVICE).targets[0]
    assert [reason.feature for reason in told.reasons] == ["is_refund_bank"]
    assert told.grounds == ("還付口座",)
    assert told.base + told.rest + sum(reason.weight for reason in told.reasons) == pytest.approx(2.0)


def test_a_target_with_no_other_ground_is_one_of_the_list() -> None:
    only = replace(TARGET, grounds=("住所地を営業地域とする金融機関",))
    assert unaddressed(replace(ADVICE, targets=(only,))).targets[0].grounds == (LISTED,)


def test_any_other_case_is_told_in_full() -> None:
    free = replace(ADVICE, restricted=False)
    assert unaddressed(free) is free


@pytest.mark.parametrize("feature", [f for f in CATALOGUE if f.opt_in == "area"], ids=lambda f: f.name)
def test_every_feature_of_the_area_is_known_as_such(feature: object) -> None:
    name, sentence = getattr(feature, "name", ""), getattr(feature, "sentence", "")
    reason = Reason(name, sentence, 1.0)
    told = unaddressed(replace(ADVICE, targets=(replace(TARGET, reasons=(reason,)),)))
    assert told.targets[0].reasons == ()


def test_the_words_are_those_of_addresses() -> None:
    assert all(word in "地域住所転入転出当地地元" for word in ADDRESS_WORDS)


NOTED = (
    Reason("mention_pays_from", "みずほ銀行の口座から払うと本人が述べた", 0.5, "contacts"),
    Reason("know_how_score", "職員の経験則「折衝記録にみずほ銀行の名がある」", 0.25, "contacts"),
    Reason("statements", "折衝3件のうち1件に生活の苦しさに関する申出がある", 0.125, "contacts"),
    Reason("contacts_90", "90日以内の折衝は2回", 0.5, "contacts"),
)


def test_nothing_that_a_hidden_note_says_is_told() -> None:
    target = replace(TARGET, reasons=NOTED, grounds=("折衝記録（納付口座）", "還付口座"))
    told = unaddressed(replace(ADVICE, targets=(target,))).targets[0]
    assert [reason.feature for reason in told.reasons] == ["contacts_90"]
    assert told.grounds == ("還付口座",)
    assert told.rest == pytest.approx(0.125 + 0.875)


@pytest.mark.parametrize("manner", MANNERS)
def test_every_manner_of_a_mention_and_every_rule_about_one_is_hidden(manner: str) -> None:
    said = [f for f in CATALOGUE if f.name == f"mention_{manner}"]
    rules = [r for r in office_rules().active if any(c.column == f"mention_{manner}" for c in r.when)]
    assert said
    assert rules
    sentences = [f.sentence for f in said] + [f"職員の経験則「{rule.sentence}」" for rule in rules]
    reasons = tuple(Reason("know_how_score", sentence, 1.0) for sentence in sentences)
    told = unaddressed(replace(ADVICE, targets=(replace(TARGET, reasons=reasons),)))
    assert told.targets[0].reasons == ()
