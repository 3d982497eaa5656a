"""The command ``match``: the proposed assignments of a folder, written whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from models.moves import Moves
from models.terms import Terms
from serving.app import now
from serving.desk.declines import declined_pairs
from serving.office.champion import champion, require_own, require_registry, require_trained
from serving.office.matching import proposed_matching, told_totals
from serving.office.office import Versions
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings
from serving.terminal.case_list import chosen_cases
from serving.terminal.commands import read, require_folder, say
from serving.terminal.pair_files import PairFiles, with_files
from serving.terminal.places import holds_records, require_out
from serving.terminal.table_file import write_table
from serving.wording import wording


def write_matching(
    settings: Settings, folder: Path, out: Path, *, cases: Path | None, terms: Terms, files: PairFiles
) -> None:
    """Write the proposed assignments of every open case that no gate routes away.

    Declines that stand in the home's journal are kept to, besides those of ``files``.
    """
    require_folder(folder)
    require_out(out, settings.home)
    require_registry(settings)
    require_trained(settings)
    say("データを読んでいます…")
    ledger, bundle = read(folder).ledger, champion(settings)
    require_own(bundle, ledger)
    wanted = chosen_cases(ledger, cases)
    asked = with_files(replace(terms, declined=declined_before(settings)), files, ledger)
    say("担当案を計算しています…")
    matching = proposed_matching(bundle, ledger, wanted, asked)
    write_table(matching.table, out)
    moves = [] if matching.moves is None else [told_moves(matching.moves)]
    say(
        "\n".join(
            [
                *told_totals(matching, wording("ja")),
                *moves,
                *told_left(len(wanted) - len(matching.table)),
                f"書き出しました: {out}({len(matching.table):,}件)",
            ]
        )
    )


def told_left(cases: int) -> list[str]:
    """Return in a Japanese sentence how many cases get nobody, because a gate of law routes them away.

    >>> told_left(2)
    ['法令により調査の対象外となる2件は割り当てていません。']
    """
    return [f"法令により調査の対象外となる{cases:,}件は割り当てていません。"] if cases else []


def declined_before(settings: Settings, versions: Versions | None = None) -> pd.DataFrame:
    """Return the declined pairs of this home (see ``declined_pairs``); a home without records has none."""
    if not holds_records(settings):
        return pd.DataFrame(columns=["debtor_id", "staff_id"], dtype="str")
    engine = open_store(settings.records_url)
    try:
        return declined_pairs(Journal(engine, now), versions)
    finally:
        engine.dispose()


def told_moves(moves: Moves) -> str:
    """Return in a Japanese sentence how many cases change hands, and why.

    >>> told_moves(Moves(stayed=10))
    '前回の担当案にある10件のうち、担当が変わる事案はありません。'
    >>> told_moves(Moves(7, away=2, barred=1))
    '前回の担当案にある10件のうち3件の担当が変わります(離任・不在のため2件、除外・辞退のため1件)。'
    """
    known = f"前回の担当案にある{moves.stayed + moves.moved:,}件のうち"
    if not moves.moved:
        return f"{known}、担当が変わる事案はありません。"
    causes = {"離任・不在": moves.away, "除外・辞退": moves.barred, "受け持てる件数": moves.full}
    why = "、".join(f"{cause}のため{count:,}件" for cause, count in causes.items() if count)
    return f"{known}{moves.moved:,}件の担当が変わります({why})。"
