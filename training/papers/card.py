"""The model card: what a model is for, what it rests on, how good it is, whom it burdens, which law binds it.

Built as sections, then rendered as Markdown or as one HTML page that loads nothing; Japanese beside English.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import pandas as pd
from markupsafe import escape

from features.law import GATES, RULES
from features.matrix import CATALOGUE
from models.bundle import Bundle
from training.metrics import Better, Figure
from training.papers.canvas import Words
from training.papers.evidence import Evidence
from training.papers.group_words import GROUP_WORDS
from training.record import TrainingRecord

TITLE = Words("手がかり モデルカード", "tegakari model card")

USE = (
    Words(
        "滞納整理の担当者が財産調査の照会先を選ぶとき、根拠のある候補を順に並べて理由を示します。決めるのは徴税吏員です。",
        "Puts lawful candidates for an asset inquiry in order and says why. A named officer decides.",
    ),
    Words(
        "差押えの可否や時期、給付や処分の決定、職員の評価、ほかの自治体の事案には使いません。給料日や手当の支給日に合わせることは"
        "ありません。",
        "Not for: whether or when to seize, decisions on benefits, judging staff, other municipalities' "
        "cases; nothing is timed to a payday.",
    ),
)

LIMITS = (
    Words(
        "点数が低いことは、財産がないことの証明ではありません。返事のない照会は「なし」とは数えません。",
        "A low score does not prove that there is nothing. An inquiry without a reply is no “none”.",
    ),
    Words(
        "結果が分かるのは職員が照会した先だけです。だれも照会しなかった先については弱くしか学べません。",
        "Outcomes exist for targets that officers asked. Of the others little can be learnt.",
    ),
    Words(
        "数値は学習に使わなかった事案(無作為の3組)のものです。時間での検証は tegakari backtest で行います。",
        "The figures are of cases held back at random, in three folds; tegakari backtest judges by time.",
    ),
    Words(
        "日付のない滞納者の項目は、ずっと同じだったものとして扱います。",
        "Columns of a debtor without a date are taken as constant.",
    ),
)

FORBIDDEN = Words(
    "国籍・在留資格、性別、信条、社会的身分・本籍、病気・障害、犯罪歴、人種、個人番号は入力で拒み、使いません。生活保護などの"
    "関門の事実は順位付けの入力にしません。",
    "Nationality, sex, creed, origin, illness, crime, ethnicity and My Number are refused at intake. Facts "
    "that gate a case (welfare and others) are no inputs.",
)

MEASURES = {
    "hit_rate": Words("判明率", "hit rate"),
    "without_result": Words("空振りの事案", "asked without result"),
}


@dataclass(frozen=True)
class Section:
    """A heading, its paragraphs, and a table (head and rows of text) if it has one."""

    title: Words
    paragraphs: tuple[Words, ...] = ()
    head: tuple[Words, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def card_of(record: TrainingRecord, bundle: Bundle, evidence: Evidence | None) -> list[Section]:
    """Return the sections of the card of one training."""
    return [
        Section(Words("使い道", "Intended use"), USE),
        _data(record, bundle),
        _figures(record, evidence),
        *([] if evidence is None else [_fairness(evidence.burden)]),
        Section(Words("限界", "Limits"), LIMITS),
        _law(),
        _versions(record, bundle),
    ]


def as_markdown(sections: Sequence[Section]) -> str:
    """Return the card as Markdown."""
    parts = [f"# {TITLE.ja} / {TITLE.en}"]
    for section in sections:
        parts.append(f"## {section.title.ja} / {section.title.en}")
        parts += [f"{each.ja}\n\n{each.en}" for each in section.paragraphs]
        if section.rows:
            head = [f"{each.ja} / {each.en}" for each in section.head]
            lines = [head, ["---"] * len(head), *section.rows]
            parts.append("\n".join("| " + " | ".join(map(_celled, each)) + " |" for each in lines))
    return "\n\n".join(parts) + "\n"


def as_html(sections: Sequence[Section]) -> str:
    """Return the card as one page that loads nothing."""
    body = f"<h1>{_both(TITLE)}</h1>"
    for section in sections:
        body += f"<section><h2>{_both(section.title)}</h2>"
        body += "".join(
            f'<p>{escape(each.ja)}</p><p lang="en">{escape(each.en)}</p>' for each in section.paragraphs
        )
        if section.rows:
            head = "".join(f'<th scope="col">{_both(each)}</th>' for each in section.head)
            rows = "".join(
                f'<tr><th scope="row">{escape(row[0])}</th>'
                + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
                + "</tr>"
                for row in section.rows
            )
            body += (
                f'<div tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
            )
        body += "</section>"
    return (
        f'<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>{escape(TITLE.ja)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>\n"
    )


def _data(record: TrainingRecord, bundle: Bundle) -> Section:
    rows = [("基準日 / day", bundle.day), ("データの指紋 / data hash", record.data_hash)]
    rows += [(f"{table} の行数 / rows", f"{count:,}") for table, count in sorted(record.row_counts.items())]
    rows += [
        ("読めずに取り除いた行 / rows set aside", f"{record.set_aside:,}"),
        (
            "使用を認めた項目 / opted in",
            "、".join(bundle.opt_in) or "なし / none",
        ),
        ("特徴量 / features", f"{len(CATALOGUE)} (tables/catalogue.csv, {record.catalogue})"),
    ]
    head = (Words("項目", "item"), Words("内容", "value"))
    return Section(Words("データ", "Data"), (FORBIDDEN,), head, tuple(rows))


def _figures(record: TrainingRecord, evidence: Evidence | None) -> Section:
    rows = [
        (name, _number(figure.value), _interval(figure), _direction(figure.better))
        for name, figure in record.metrics.items()
    ]
    said: tuple[Words, ...] = (
        Words(
            "asked_hit_at_1: 判明した事案のうち最初の調査先で判明した割合。know_how は職員の経験則。",
            "asked_hit_at_1: cases with a find whose first target hit; know_how: the officers' rules.",
        ),
    )
    if evidence is None:
        said = (
            Words(
                "判明した回答が少ないため、何も学習せず、職員の経験則で順位を付けます。",
                "Too few finds: nothing was learnt, the officers' written rules rank.",
            ),
        )
    head = (
        Words("指標", "metric"),
        Words("値", "value"),
        Words("95%区間", "95 % interval"),
        Words("良い向き", "better"),
    )
    return Section(Words("数値", "Figures"), said, head, tuple(rows))


def _fairness(burden: pd.DataFrame) -> Section:
    """Return the ranker's burden: of its first three targets, by age, income and debt."""
    ours = burden[(burden["ranking"] == "ranker") & burden["measure"].isin(list(MEASURES))]
    rows = []
    for key, lines in ours.groupby(["by", "group"], sort=False):
        by, group = map(str, key)
        told = {str(line["measure"]): line for line in lines.to_dict("records")}
        cells = [
            f"{told[name]['mean']:.1%} [{told[name]['low']:.1%}, {told[name]['high']:.1%}]"
            + {"higher": " ▲", "lower": " ▼"}.get(str(told[name]["apart"]), "")
            for name in MEASURES
        ]
        cases = f"{int(lines['cases'].iloc[0]):,}"
        rows.append((GROUP_WORDS[by] + ": " + GROUP_WORDS[group], cases, *cells))
    said = Words(
        "最初の3つの調査先について。▲▼は区間が全体の平均を含まない群。20事案未満の群は示しません。年齢は(使用を認めない限り)この報告だけに使います。",
        "Of the first three targets. ▲▼: the interval does not hold the mean of all. Groups of fewer than 20 "
        "cases are left out. Age serves this report alone unless opted in.",
    )
    head = (Words("群", "group"), Words("事案", "cases"), *MEASURES.values())
    return Section(Words("公平性", "Fairness"), (said,), head, tuple(rows))


def _law() -> Section:
    rows = [
        (rule.article, rule.sentence, rule.version_day.isoformat(), rule.source) for rule in (*RULES, *GATES)
    ]
    head = (
        Words("条", "article"),
        Words("守ること", "rule"),
        Words("確認日", "checked"),
        Words("出典", "source"),
    )
    said = Words(
        "法律が止める事案は順位付けの前に外します。推定の条文は庁内で確かめてください。",
        "Cases that the law stops are taken out before any ranking. Inferred articles are to be confirmed.",
    )
    return Section(Words("法律", "Law"), (said,), head, tuple(rows))


def _versions(record: TrainingRecord, bundle: Bundle) -> Section:
    rows = [("git commit", record.commit), ("乱数の種 / seed", str(record.seed))]
    rows += [(name, str(value)) for name, value in record.params.items() if name != "seed"]
    rows += sorted(record.libraries.items())
    rows += [
        ("難易度 / difficulty", "あり / yes" if bundle.difficulty is not None else "なし / no"),
        ("二巡目 / second round", "あり / yes" if bundle.rounds is not None else "なし / no"),
    ]
    head = (Words("項目", "item"), Words("内容", "value"))
    return Section(Words("版と設定", "Versions and settings"), (), head, tuple(rows))


def _number(value: float) -> str:
    return "—" if isnan(value) else f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def _interval(figure: Figure) -> str:
    return "—" if isnan(figure.low) else f"[{_number(figure.low)}, {_number(figure.high)}]"


def _direction(better: Better) -> str:
    return {
        Better.HIGHER: "大きいほど良い / higher",
        Better.LOWER: "小さいほど良い / lower",
        Better.NONE: "—",
    }[better]


def _celled(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _both(words: Words) -> str:
    return f'{escape(words.ja)} <span lang="en">{escape(words.en)}</span>'


_STYLE = (
    "body{font-family:'Noto Sans CJK JP','Noto Sans JP','Hiragino Sans','Yu Gothic',sans-serif;margin:0;"
    "color:#1a1a1c;background:#fff;line-height:1.7}main{max-width:60rem;margin:0 auto;padding:1.5rem}"
    "h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem;border-bottom:2px solid #0b5cad}"
    "[lang=en]{color:#4a4a4e;font-size:.9em;font-weight:normal}p{margin:.4rem 0}"
    "table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{border:1px solid #767680;"
    "padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "thead th{background:#eef3f9}"
    "tbody th{font-weight:normal}div[tabindex]{overflow-x:auto}"
    "div[tabindex]:focus-visible{outline:3px solid #0b5cad}"
)
