"""A trade-off as a picture: who is first over the weight of each axis, and in how many of all weightings."""

from html import escape

from upheld.core.matrix import Course, Flip, Matrix, courses
from upheld.core.tradeoff import Tradeoff

WIDTH, LEFT, RIGHT, PANEL, HEIGHT = 720, 60, 560, 128, 90
INKS = ("#3d6fb4", "#b45f06", "#1a7f45", "#8e44ad", "#b3261e", "#5f6b73")  # read on light and dark
DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 2", "10 4")  # never by colour alone


def picture(found: Tradeoff) -> str:
    """One SVG with a panel per axis: lines of weighted sums over its weight, now and where the first one changes."""
    options = [place.option for place in found.places]
    looks = {o: (INKS[i % len(INKS)], DASHES[i % len(DASHES)]) for i, o in enumerate(options)}
    top, parts = 24, []
    for i, option in enumerate(options):
        ink, dash = looks[option]
        y = top + 16 * i
        share = f"first in {100 * found.wins[option]:.1f} % of all weightings"
        parts.append(_line(LEFT, y - 4, LEFT + 34, y - 4, ink, dash))
        parts.append(_text(LEFT + 42, y, f"{option}: {float(found.places[i].value):.3f} · {share}"))
    top += 16 * len(options) + 4
    for option, axes in found.matrix.excluded.items():
        parts.append(_text(LEFT, top, f"✖ {option} breaks {' and '.join(axes)}"))
        top += 16
    for course in courses(found.matrix) if len(options) > 1 else ():
        flips = [flip for flip in found.flips if flip.axis == course.axis]
        parts += _panel(course, flips, looks, top + 24)
        top += PANEL + 14
    words = escape(describe(found.matrix, options))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + 12}" role="img" aria-label="{words}">'
        + "".join(parts)
        + "</svg>"
    )


def describe(matrix: Matrix, options: list[str]) -> str:
    """The picture in words, for whoever hears it."""
    order = ", then ".join(options) or "no option is left"
    gone = f"; excluded: {', '.join(matrix.excluded)}" if matrix.excluded else ""
    return f"weighted sums over the weight of each axis; by the weights as they are: {order}{gone}"


def _panel(course: Course, flips: list[Flip], looks: dict[str, tuple[str, str]], top: float) -> list[str]:
    floor = top + HEIGHT
    parts = [_text(LEFT, top - 8, f"{course.axis}, weight {float(course.weight):.3g}")]
    for y, name in ((top, "1"), (floor, "0")):
        parts += [_line(LEFT, y, RIGHT, y, "#98a2ab", "", thin=True), _text(LEFT - 8, y + 4, name, anchor="end")]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(_text(_x(share), floor + 15, f"{share:g}", anchor="middle"))
    for option, (low, high) in course.ends.items():
        ink, dash = looks[option]
        parts.append(_line(_x(0), _y(float(low), top), _x(1), _y(float(high), top), ink, dash))
    now = _x(float(course.weight))
    parts.append(_line(now, top - 4, now, floor + 4, "currentColor", "", thin=True))
    for i, flip in enumerate(flips):
        x = _x(float(flip.at))
        parts.append(_line(x, top, x, floor, "currentColor", "2 2", thin=True))
        word = "from" if flip.up else "up to"
        parts.append(_text(RIGHT + 8, top + 14 + 16 * i, f"{word} {float(flip.shown):.3g}: {flip.winner}"))
    return parts


def _x(share: float) -> float:
    return LEFT + (RIGHT - LEFT) * share


def _y(value: float, top: float) -> float:
    return top + HEIGHT * (1 - value)


def _line(x1: float, y1: float, x2: float, y2: float, ink: str, dash: str, *, thin: bool = False) -> str:  # noqa: PLR0917
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    width = 1 if thin else 2
    return f'<path d="M{x1:.1f},{y1:.1f}L{x2:.1f},{y2:.1f}" stroke="{ink}" stroke-width="{width}" fill="none"{dashes}/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start") -> str:
    look = 'font-family="system-ui, sans-serif" font-size="12" fill="currentColor"'
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {look}>{escape(text)}</text>'
