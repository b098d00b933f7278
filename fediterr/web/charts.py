"""Small bar charts, drawn by the server: where each bar stands, for a template to write."""

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 600, 120  # of the drawing, in its own units
GAP = 0.25  # of the room of one bar


class Bar(NamedTuple):
    """One bar, and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    value: float
    label: str


def bars(values: Sequence[float], labels: Sequence[str]) -> list[Bar]:
    """A bar for each value, the highest as high as the drawing; what is not nothing is seen."""
    if len(values) != len(labels):
        raise ValueError("each bar has its label")
    most, room = max([*values, 0]) or 1, WIDTH / max(1, len(values))
    made = []
    for number, (value, label) in enumerate(zip(values, labels, strict=True)):
        height = max(2.0, HEIGHT * value / most) if value > 0 else 0.0
        x, width = room * (number + GAP / 2), room * (1 - GAP)
        made.append(Bar(round(x, 1), round(HEIGHT - height, 1), round(width, 1), round(height, 1), value, label))
    return made
