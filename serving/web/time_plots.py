"""Pictures of the report about time, as inline SVG; the tables beside them say the same."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from serving.desk.time_figures import Bin, Month

WIDTH, HEIGHT, LEFT, BELOW = 480, 200, 36, 24


def distribution(bins: Sequence[Bin]) -> Markup:
    """Return bars of the share of choices by minutes: filled with the ranking, outlined without it."""
    if not bins:
        return Markup("")
    top = max(max(each.with_ranking, each.without) for each in bins) or 1.0
    slot = (WIDTH - LEFT) / len(bins)
    drawn = [_grid(top, percent=True)]
    for number, each in enumerate(bins):
        x = LEFT + number * slot
        for offset, share, name in ((0.08, each.with_ranking, "ours"), (0.5, each.without, "theirs")):
            height = share / top * (HEIGHT - BELOW - 12)
            drawn.append(
                f'<rect class="{name}" x="{x + offset * slot:.1f}" y="{HEIGHT - BELOW - height:.1f}" '
                f'width="{0.4 * slot:.1f}" height="{height:.1f}"/>'
            )
        label = f"{each.start:g}–{each.end:g}" if each.end is not None else f"{each.start:g}–"
        drawn.append(_text(x + slot / 2, HEIGHT - 8, label))
    return _svg(drawn)


def month_lines(months: Sequence[Month]) -> Markup:
    """Return the median minutes by month: dots with the ranking, squares without it."""
    values = [m for each in months for m in (each.median_with, each.median_without) if m is not None]
    if not values:
        return Markup("")
    top = max(values) or 1.0
    slot = (WIDTH - LEFT) / len(months)
    drawn = [_grid(top, percent=False)]

    def up(value: float) -> float:
        return HEIGHT - BELOW - value / top * (HEIGHT - BELOW - 12)

    for name, told in (
        ("ours", [each.median_with for each in months]),
        ("theirs", [each.median_without for each in months]),
    ):
        points = [(LEFT + (n + 0.5) * slot, up(v)) for n, v in enumerate(told) if v is not None]
        line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        drawn.append(f'<path class="{name} line" d="M{line}"/>' if len(points) > 1 else "")
        drawn += [_mark(name, x, y) for x, y in points]
    every = -(-len(months) // 12)
    drawn += [
        _text(LEFT + (n + 0.5) * slot, HEIGHT - 8, each.month)
        for n, each in enumerate(months)
        if n % every == 0
    ]
    return _svg(drawn)


def _mark(name: str, x: float, y: float) -> str:
    if name == "ours":
        return f'<circle class="ours" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    return f'<rect class="theirs" x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10"/>'


def _grid(top: float, percent: bool) -> str:
    parts = []
    for share in (0.0, 0.5, 1.0):
        y = HEIGHT - BELOW - share * (HEIGHT - BELOW - 12)
        parts.append(f'<path class="tick" d="M{LEFT} {y:.1f}H{WIDTH}"/>')
        label = f"{top * share:.0%}" if percent else f"{top * share:.3g}"
        parts.append(f'<text x="{LEFT - 4}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
    return "".join(parts)


def _text(x: float, y: float, label: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{label}</text>'


def _svg(drawn: Sequence[str]) -> Markup:
    return Markup(
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{"".join(drawn)}</svg>'
    )
