"""The canvas: a plot as one SVG file that loads nothing, with its title in Japanese and English."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import escape

INK, FAINT, GRID = "#1a1a1c", "#5c5c60", "#d8d8dc"
OURS, THEIRS = "#0b5cad", "#b34a00"
_FONT = "'Noto Sans CJK JP','Noto Sans JP','Hiragino Sans','Yu Gothic',sans-serif"
HEAD = 84


@dataclass(frozen=True)
class Words:
    """The same words in Japanese and in English."""

    ja: str
    en: str


def drawing(width: int, height: int, title: Words, note: Words, body: str) -> str:
    """Return the whole file: the title, what to read from it, and ``body``, which starts at y 0."""
    head = (
        text(16, 26, title.ja, size=17, weight="bold")
        + text(16, 44, title.en, size=12, colour=FAINT)
        + text(16, 62, note.ja, size=11, colour=FAINT)
        + text(16, 76, note.en, size=10, colour=FAINT)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height + HEAD}" '
        f'viewBox="0 0 {width} {height + HEAD}" role="img" font-family="{_FONT}">'
        f"<title>{escape(title.ja)} / {escape(title.en)}</title>"
        f'<rect width="100%" height="100%" fill="#fff"/>{head}'
        f'<g transform="translate(0 {HEAD})">{body}</g></svg>\n'
    )


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 12,
    colour: str = INK,
    anchor: str = "start",
    weight: str = "normal",
) -> str:
    """Return one line of text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(words)}</text>'
    )


def line(
    x1: float, y1: float, x2: float, y2: float, *, colour: str = GRID, width: float = 1.0, dash: str = ""
) -> str:
    """Return a straight line; ``dash`` as SVG takes it."""
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{colour}" stroke-width="{width:g}"{broken}/>'
    )


def dot(x: float, y: float, colour: str, filled: bool = True) -> str:
    """Return a dot, full or hollow."""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" stroke="{colour}" stroke-width="1.5" '
        f'fill="{colour if filled else "#fff"}"/>'
    )


def round_ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Return round numbers that span ``low`` to ``high``, about ``wanted`` of them.

    >>> round_ticks(0.0, 0.93)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    span = (high - low) or 1.0
    power = 1.0
    while power > span / wanted:
        power /= 10
    while power * 10 <= span / wanted:
        power *= 10
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= span / wanted * 0.999)
    first, last = round(low / step - 0.499), round(high / step + 0.499)
    return [round(number * step, 10) for number in range(first, last + 1)]
