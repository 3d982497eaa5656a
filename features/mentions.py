"""Institutions and employers that the negotiation notes name, and in what manner.

A note is folded to one spelling (``features.lexicon``) and searched for all names at once, leftmost and
longest first. A name that is also a place, a shop or a word counts only where the words beside it speak
of an account, a wage, a policy. A name that fits several targets is settled by those words; what is still
open afterwards yields every target it fits, up to three (``fits`` says how many), and nothing beyond that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import ahocorasick_rs
import pandas as pd

from features.ledger.snapshot import Ledger
from features.lexicon import Form, Target, bank_names, folded, lexicon_of, plain

MANNERS = ("denied", "only_account", "wages_to", "pays_from", "insurance", "works_at", "named")
"""What a note says of the target, strongest first: where one note says several, the first here stands."""

COLUMNS = ("debtor_id", "mentioned_on", "contact_id", "target_kind", "target_code", "manner", "fits")
MOST_FITS = 3

_ACCOUNT = (
    r"口座|通帳|預金|貯金|普通|定期|振込|振り込|振替|引落|引き落"
    r"|銀行|信金|信組|バンク|キャッシュカード|残高|入金"
)
_CUES = MappingProxyType(
    {
        "bank": re.compile(_ACCOUNT + r"|(から|より)(払|支払|納付|納め)|給|賃金|使う|使っ|使用|利用|解約"),
        "life_insurance": re.compile(r"保険|生命|生保|解約返戻|契約者貸付|満期|学資|掛け捨て|掛金"),
        "securities": re.compile(r"証券|株|投信|投資信託|NISA|配当|有価証券"),
        "employer": re.compile(
            r"勤|働|バイト|パート|就職|転職|入社|社員|派遣|採用|就労|仕事|在職|職場|雇"
            r"|退職|離職|辞め|給与|給料|会社"
        ),
        "receivable": re.compile(r"取引|売掛|請負|下請|外注|発注|受注|報酬|元請|得意先|納品|委託|請求"),
    }
)
_NEAR_AFTER = re.compile(
    rf"(の|に|へ|も|が|は|を)?(本人|妻|夫|名義|個人)?の?({_ACCOUNT}|カード|のみ|だけ|しか|給|入る|入っ|預け|持|使|利用|解約)"
    r"|(から|より)(払|支払|納|引|出)|(に|へ)(給|賃金|年金|毎月)|(へ|に)?変更"
)
_NEAR_BEFORE = re.compile(
    r"(使うの|使っているの|利用先|口座|通帳|預金|貯金|振込先?|給与|給料|賃金|賞与|バイト代|年金|引落先?|引き落とし先?|銀行|入金先|メインバンク|メイン)"
    r"(先|口座)?(は|が|も|を|に|って|:|・|=|「|\()?(主に|すべて|全て|現在|今は)?「?$"
)
_PARTICLE = re.compile(r"[のにへがはをともでだや、・)」,/&]|から|より|です|$")
_AND = frozenset({"と", "や", "、", "・", "及び", "および", "も"})
_OTHER_FIRM = re.compile(
    r"信用金庫|信金|信用組合|信組|信託|農協|労金|証券|生命|カード(?!ロ)|モバイル|市場|ペイ|[イい]レブン|モール|ショップ"
    r"|電機|重工|自動車|商事|ファイナンス|リース|ニコス|損保|海上|日興|大学|病院|高校|工場"
)
_PLACE_OR_PERSON = re.compile(
    r"県|市|区|町|村|駅|府|支店|店|営業所|出張所|方面|地方|地区|在住|出身|に住|へ引|に引越|に引っ|に転居|へ転"
    r"|の実家|に帰|に出張|で働|[さサ]ん|様|氏|人|籍|語|国|歳|円|課長|係長|主任|弁護士|先生"
)
_FULL = re.compile(r"(銀行|信用金庫|信金|信組|信用組合|バンク|生命|保険|証券|口座|通帳|貯金|銀)$")
_LACKS = re.compile(
    r"(に|の|は|も|には)?(口座|取引|契約|預金|通帳|保険|残高)?(は|も|が)?"
    r"(なし|無し|無い|ない|ありません|持っていない|持ってない|持たない|皆無)"
)
_GONE = re.compile(
    r"解約済|解約した|解約され|は?解約とのこと|閉鎖|使っていない|使用していない|失効|昔の|古い口座|今は不明"
    r"|退職|辞め|離職|解雇|クビ|退社|倒産|廃業|勤務していない|(取引|勤務|契約)(は|を)?(終了|終え)"
)
_FORMER = re.compile(r"(前職|前の(職場|勤務先|会社)|元勤務先|旧勤務先|以前)(は|の|に|、)?$")
_ONLY = re.compile(r"のみ|だけ|しか|唯一|1つ|一つ|ひとつ|1冊|一本")
_WAGES = re.compile(r"給与|給料|賃金|月給|日給|バイト代|賞与|ボーナス|手取り|給")
_PAID_IN = re.compile(r"振込|振り込|入|受取|受け取|支給")
_PAYS = re.compile(r"払|納|引落|引き落|振替|返済")
_WORKS = re.compile(r"勤|働|バイト|パート|就職|転職|入社|社員|派遣|採用|就労|仕事|在職|職場|雇|給与|給料")
_SENTENCE = re.compile(r"[^。\n!?]+")
_BEGINS = re.compile(r"(勤務先|先|現在|会社|現職|法人|社|在|元|新|[^一-龥々ァ-ヶー])$")


@dataclass(frozen=True)
class _Found:
    """One name in one sentence: where it stands and the targets it may mean."""

    start: int
    end: int
    form: Form


@dataclass(frozen=True)
class _Words:
    """A name and the words beside it, up to its neighbours, within one sentence."""

    before: str
    name: str
    after: str
    sentence: str


class MentionFinder:
    """Finds names in notes. Built once for a lexicon; ``find`` is a pure function of the note."""

    def __init__(self, lexicon: Mapping[str, Form]) -> None:
        swallowed = {name: Form(()) for name in _directory_names() if name not in lexicon}
        self._forms = list({**swallowed, **lexicon}.values())
        patterns = list({**swallowed, **lexicon})
        kind = ahocorasick_rs.MatchKind.LeftmostLongest
        self._matcher = ahocorasick_rs.AhoCorasick(patterns, matchkind=kind, store_patterns=False)

    def find(self, note: str) -> dict[Target, tuple[str, int]]:
        """Return ``target -> (manner, fits)`` for every target that ``note`` names."""
        text = plain(note)
        spelled = folded(note)
        said: dict[Target, tuple[str, int]] = {}
        if not self._matcher.find_matches_as_indexes(spelled):
            return said
        for sentence in _SENTENCE.finditer(text):
            for target, manner, fits in self._in_sentence(sentence[0], spelled[slice(*sentence.span())]):
                before = said.get(target)
                if before is None or MANNERS.index(manner) < MANNERS.index(before[0]):
                    said[target] = (manner, fits)
        return said

    def _in_sentence(self, text: str, spelled: str) -> Iterator[tuple[Target, str, int]]:
        found: list[_Found] = []
        for index, start, end in self._matcher.find_matches_as_indexes(spelled):
            name = _Found(start, end, self._forms[index])
            branch = found and found[-1].end == start and name.form.bare  # みずほ銀行横浜支店
            if not branch and _whole(text, start, end):
                found.append(name)
        sure = any(name.form.targets and not name.form.bare for name in found)
        settled = False
        for at, name in enumerate(found):
            left = found[at - 1].end if at else 0
            right = found[at + 1].start if at + 1 < len(found) else len(text)
            words = _Words(text[left : name.start], text[name.start : name.end], text[name.end : right], text)
            listed = settled and words.before in _AND
            targets = _settled(name.form, words, lenient=listed or not sure)
            settled = bool(targets)
            for kind, code in targets if len(targets) <= MOST_FITS else ():
                yield (kind, code), _manner(kind, words), len(targets)


def mentions_of(ledger: Ledger) -> pd.DataFrame:
    """Return what the notes name: the columns of ``COLUMNS``, ``fits`` being how many targets the name fits.

    One row per contact and target, ordered by them; ``mentioned_on`` is the day it became known. Manner
    ``denied`` says that the note speaks of it as gone (口座なし, 解約済, 退職). Each wording is read once.
    """
    contacts = ledger["contacts"][["debtor_id", "contacted_on", "contact_id", "note"]]
    noted = contacts[contacts["note"].notna()].rename(columns={"contacted_on": "mentioned_on"})
    finder = MentionFinder(lexicon_of(ledger))
    rows = [
        (note, kind, code, manner, fits)
        for note in noted["note"].unique()
        for (kind, code), (manner, fits) in finder.find(note).items()
    ]
    said = pd.DataFrame(rows, columns=["note", "target_kind", "target_code", "manner", "fits"])
    said = said.astype(
        dict.fromkeys(["note", "target_kind", "target_code", "manner"], "str") | {"fits": "int64"}
    )
    joined = noted.merge(said, on="note")[list(COLUMNS)]
    order = ["debtor_id", "mentioned_on", "contact_id", "target_kind", "target_code"]
    return joined.sort_values(order, ignore_index=True)


def _directory_names() -> Iterator[str]:
    """Names that must be read as a whole even where the municipality does not list them as targets."""
    for code, (name, _) in bank_names().items():
        if code < "1000":
            yield folded(name + "銀行")
        elif len(name) > 3:
            yield folded(name)


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a match is no mere part of a longer latin word or number."""
    return not (_runs_on(text, start) or _runs_on(text, end))


def _runs_on(text: str, cut: int) -> bool:
    if not 0 < cut < len(text):
        return False
    last, following = text[cut - 1], text[cut]
    latin = last.isascii() and last.isalpha() and following.isascii() and following.isalpha()
    return latin or (last.isdigit() and following.isdigit())


def _settled(form: Form, words: _Words, lenient: bool) -> tuple[Target, ...]:
    """Return the targets that a name stands for, given the words beside it (none: it is not a name here).

    ``lenient``: a bare bank name counts wherever the sentence speaks of accounts, not only beside it.
    """
    targets = tuple(t for t in form.targets if t[0] != "employer" or _begins(words.before))
    if not _FULL.search(words.name) and _OTHER_FIRM.match(words.after):
        return tuple(t for t in targets if t[0] in ("employer", "receivable") and not form.bare)
    if not form.bare:
        return targets if len(targets) == 1 else _by_kind(targets, words.sentence) or targets
    if _PLACE_OR_PERSON.match(words.after):
        return ()
    beside = words.before + words.after
    kinds = _by_kind(targets, words.after) or _by_kind(targets, beside) or _by_kind(targets, words.sentence)
    if any(kind != "bank" for kind, _ in kinds):
        return kinds
    near = _NEAR_AFTER.match(words.after) or _NEAR_BEFORE.search(words.before)
    return kinds if near or (lenient and _PARTICLE.match(words.after)) else ()


def _by_kind(targets: tuple[Target, ...], words: str) -> tuple[Target, ...]:
    """Keep the targets whose kind the words speak of."""
    return tuple(t for t in targets if (cue := _CUES.get(t[0])) and cue.search(words))


def _begins(before: str) -> bool:
    """Whether an employer's name may start here: not in the middle of a longer name in the same script."""
    return not before or _BEGINS.search(before) is not None


def _manner(kind: str, words: _Words) -> str:
    only = kind == "bank" and _ONLY.search(words.after)
    tail = words.after[:14].partition("、")[0]
    if not only and (_LACKS.match(tail) or _GONE.search(tail) or _FORMER.search(words.before)):
        return "denied"
    if kind == "bank":
        return "only_account" if only else _bank_manner(words.before + words.after)
    if kind == "employer" and _WORKS.search(words.sentence):
        return "works_at"
    return "insurance" if kind == "life_insurance" else "named"


def _bank_manner(beside: str) -> str:
    if _WAGES.search(beside) and _PAID_IN.search(beside):
        return "wages_to"
    return "pays_from" if _PAYS.search(beside) else "named"
