"""The plots of one training, each an SVG file with its words in Japanese and English."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from training.papers.canvas import Words
from training.papers.evidence import NAMES, Evidence
from training.papers.lines_chart import Axes, Point, lines
from training.papers.rows_chart import Spread, bars, spreads

SHOWN = 20


def plots_of(evidence: Evidence) -> Mapping[str, str]:
    """Return the text of each SVG file by its name."""
    return {
        "gain.svg": _gain(evidence.gains),
        "shap.svg": _reasons(evidence.reasons),
        "calibration.svg": _calibration(evidence.reliability),
        "learning_curve.svg": _growth(evidence.growth),
        "lift.svg": _lift(evidence.lift),
    }


def _gain(table: pd.DataFrame) -> str:
    rows = [(Words(*NAMES[name]), gain) for name, gain in table[["feature", "gain"]].head(SHOWN).to_numpy()]
    return bars(
        Words("順位付けに使われた情報", "What the ranking rests on (gain importance)"),
        Words(
            "判明の予測の木が誤差を減らした割合。因果ではありません。",
            "Share of the loss that splits on it saved in the trees that forecast a find; not a cause.",
        ),
        rows,
    )


def _reasons(table: pd.DataFrame) -> str:
    rows = [
        (
            Words(*NAMES[row["feature"]]),
            Spread(row["low_p10"], row["low_p50"], row["low_p90"]),
            Spread(row["high_p10"], row["high_p50"], row["high_p90"]),
        )
        for row in table.head(SHOWN).to_dict("records")
    ]
    return spreads(
        Words("情報が点数を動かす向きと大きさ", "Which way and how far it moves the score (SHAP summary)"),
        Words(
            "対数オッズ。点は中央値、線は10〜90%。右ほど順位が上がります。個々の事案は示しません。",
            "Log-odds; dot: median, line: 10 to 90 %. Right: ranked higher. No single case is shown.",
        ),
        rows,
    )


def _calibration(table: pd.DataFrame) -> str:
    points: list[Point] = [
        (row["predicted"], row["observed"], row["low"], row["high"]) for row in table.to_dict("records")
    ]
    return lines(
        Words("確率は信じられるか", "May the probabilities be believed (calibration)"),
        Words(
            "学習に使わなかった事案。斜めの線に近いほど確率どおり。棒は95%区間。",
            "Cases not learnt from. On the diagonal a probability means what it says; bars: 95 % intervals.",
        ),
        Axes(Words("予測した確率", "forecast"), Words("実際に判明した割合", "share that hit"), diagonal=True),
        [(Words("モデル", "model"), points)],
    )


def _growth(table: pd.DataFrame) -> str:
    points: list[Point] = [
        (row["cases"], row["value"], row["low"], row["high"]) for row in table.to_dict("records")
    ]
    return lines(
        Words("事案が増えると良くなるか", "Does it get better with more cases (learning curve)"),
        Words(
            "最初の調査先で判明した事案の割合。右端で平らなら、データを増やしても変わりません。",
            "Cases whose first target hit. Flat at the right end: more records would change little.",
        ),
        Axes(Words("学習した事案数", "cases learnt from"), Words("判明", "hit"), percent_across=False),
        [(Words("モデル", "model"), points)],
    )


def _lift(table: pd.DataFrame) -> str:
    nan = float("nan")

    def curve(name: str) -> list[Point]:
        return [(0.0, 0.0, nan, nan)] + [
            (row["inquiries"], row[name], nan, nan) for row in table.to_dict("records")
        ]

    return lines(
        Words("職員の経験則と比べた効き目", "Lift over the officers' rules (know_how)"),
        Words(
            "有望な順に照会したとき、その割合の照会で見つかる財産の割合(学習に使わなかった事案)。",
            "Asking the most promising first: share of all finds within a share of the inquiries.",
        ),
        Axes(Words("照会の割合", "share of inquiries"), Words("判明の割合", "share of finds")),
        [
            (Words("モデル", "model"), curve("ranker")),
            (Words("職員の経験則", "officers' rules"), curve("know_how")),
        ],
    )
