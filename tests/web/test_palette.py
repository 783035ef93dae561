"""The colours can be read and told apart: contrast, and distance as colour-blind people see them."""

import math
import re
from itertools import combinations
from pathlib import Path

import pytest
from django.conf import settings

CSS = (Path(settings.BASE_DIR) / "static/css/riskalloc.css").read_text()
LIGHT, DARK = 0, 1
CLASSES = ("us-large", "us-small", "intl", "bonds", "alts", "cash")
Colour = tuple[float, float, float]

# Severe forms, in linear RGB. Source: Machado, Oliveira, Fernandes 2009, table 1.
SIGHT: dict[str, tuple[tuple[float, ...], ...]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def variable(name: str, theme: int) -> str:
    found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", CSS)
    assert found, name
    return found.group(theme + 1)


def linear(colour: str) -> Colour:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return red, green, blue


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("name", ["ink", "muted", "accent", "over", "warn"])
@pytest.mark.parametrize("ground", ["ground", "tint"])
def test_text_has_a_contrast_of_4_5(name: str, ground: str, theme: int) -> None:
    assert contrast(variable(name, theme), variable(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(
    ("name", "ground"),
    [("warn", "warn-tint"), ("over", "over-tint"), ("ink", "warn-tint"), ("accent", "warn-tint")],
)
def test_text_on_a_tint_has_a_contrast_of_4_5(name: str, ground: str, theme: int) -> None:
    assert contrast(variable(name, theme), variable(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_edge_of_an_input_has_a_contrast_of_3(theme: int) -> None:
    assert contrast(variable("edge", theme), variable("ground", theme)) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("name", CLASSES)
def test_a_class_stands_out_from_the_ground_and_its_label_from_it(name: str, theme: int) -> None:
    colour = variable(name, theme)
    assert contrast(colour, variable("ground", theme)) >= 2.9
    assert contrast(colour, variable(f"on-{name}", theme)) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(("name", "figures"), [
    ("us-large", (13.7, 6.8)), ("us-small", (6.3, 3.0)), ("intl", (3.2, 11.4)),
    ("bonds", (12.3, 3.1)), ("alts", (3.1, 12.9)), ("cash", (8.1, 5.1)),
])  # fmt: skip
def test_the_palette_has_the_contrast_it_was_chosen_for(
    name: str, figures: tuple[float, float], theme: int
) -> None:
    ground = ("#FFFFFF", "#12161C")[theme]
    assert contrast(variable(name, theme), ground) == pytest.approx(figures[theme], abs=0.06)


@pytest.mark.parametrize(("theme", "least"), [(LIGHT, 18.6), (DARK, 20.9)])
def test_every_two_classes_can_be_told_apart_by_everyone(theme: int, least: float) -> None:
    distances = [
        distance(seen(variable(one, theme), sight), seen(variable(other, theme), sight))
        for one, other in combinations(CLASSES, 2)
        for sight in SIGHT
    ]
    assert min(distances) == pytest.approx(least, abs=0.06)


def seen(colour: str, sight: str) -> Colour:
    """CIELAB of a colour as that sight sees it (D65)."""
    rgb = linear(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, rgb, strict=True))))
        for row in SIGHT[sight]
    )
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (
        t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z)
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: Colour, other: Colour) -> float:
    """CIEDE2000. Source: Sharma, Wu, Dalal 2005."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_c = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = (1 - math.sqrt(mean_c**7 / (mean_c**7 + 25**7))) / 2
    c1, c2 = math.hypot(a1 * (1 + g), b1), math.hypot(a2 * (1 + g), b2)
    h1 = math.degrees(math.atan2(b1, a1 * (1 + g))) % 360
    h2 = math.degrees(math.atan2(b2, a2 * (1 + g))) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0
    dl, dc = l2 - l1, c2 - c1
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    mean_h = h1 + h2 if not c1 * c2 else (h1 + turn / 2) % 360
    t = (
        1
        - 0.17 * math.cos(math.radians(mean_h - 30))
        + 0.24 * math.cos(math.radians(2 * mean_h))
        + 0.32 * math.cos(math.radians(3 * mean_h + 6))
        - 0.20 * math.cos(math.radians(4 * mean_h - 63))
    )
    sl = 1 + 0.015 * (mean_l - 50) ** 2 / math.sqrt(20 + (mean_l - 50) ** 2)
    sc, sh = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    rotation = -2 * math.sqrt(mean_c**7 / (mean_c**7 + 25**7))
    rotation *= math.sin(math.radians(60 * math.exp(-(((mean_h - 275) / 25) ** 2))))
    return math.sqrt(
        (dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rotation * (dc / sc) * (dh / sh)
    )


def test_the_distance_agrees_with_a_published_pair() -> None:
    # Sharma, Wu, Dalal 2005, table 1, pair 1.
    assert distance((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
