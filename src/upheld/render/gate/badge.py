"""A gate as a small picture (SVG) for a README: a shape and a word beside the colour."""

from collections.abc import Sequence
from html import escape

from upheld.core.shown import SHAPES
from upheld.core.verdict import State, worst
from upheld.render.gate.case import Told

COLOURS = {
    State.MET: "#1a7f37",
    State.NOT_MET: "#b42318",
    State.INCONCLUSIVE: "#8a6100",
}  # white on them: at least 4.5 : 1
_HEIGHT = 20
_WIDE, _NARROW = "mwMW@%", "ilI.,:;|'!ftj1 ()[]"


def badge(told: Sequence[Told]) -> str:
    """One badge for these gates together: the worst of those that are enforced, "not enforced" where none is."""
    enforced = [t.result.state for t in told if t.result.enforced]
    state = worst(enforced) if enforced or not told else worst(t.result.state for t in told)
    label = f"upheld {told[0].name}" if len(told) == 1 else "upheld"
    word = f"{SHAPES[state]} {state.value}" + ("" if enforced or not told else ", not enforced")
    left, right = _width(label) + 12, _width(word) + 12
    text = escape(f"{label}: {word[2:]}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" role="img" aria-label="{text}">'
        f"<title>{text}</title>"
        f'<rect width="{left}" height="{_HEIGHT}" fill="#424a53"/>'
        f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{COLOURS[state]}"/>'
        '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{left / 2:g}" y="14" textLength="{left - 12}">{escape(label)}</text>'
        f'<text x="{left + right / 2:g}" y="14" textLength="{right - 12}">{escape(word)}</text></g></svg>\n'
    )


def _width(text: str) -> int:
    """The width in pixels that the text is given (Verdana 11, by three sizes of letters); `textLength` makes it fit."""
    return round(sum(10.5 if c in _WIDE else 4.2 if c in _NARROW else 7.0 for c in text))
