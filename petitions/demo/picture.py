"""Draws the one picture of the demo: a chamber with its benches full, seen from above. No file of anybody is needed."""

from __future__ import annotations

from io import BytesIO
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageDraw

from petitions.debates.picture import Picture, drawn_anew

WIDTH, HEIGHT = 1200, 675
FLOOR, BENCH, TABLE = "#e9e2d3", "#7a4a2b", "#5a3620"
COATS = ("#1d3a5f", "#2b4d80", "#5b6470", "#853d3d", "#36594a", "#8a7a3c")
ROWS = 6


def chamber(seed: str) -> Picture:
    """A chamber in which `seed` decides who sits where."""
    random = Random(seed)
    image = Image.new("RGB", (WIDTH, HEIGHT), FLOOR)
    draw = ImageDraw.Draw(image)
    middle, base = WIDTH / 2, HEIGHT - 70
    for row in range(ROWS, 0, -1):
        radius = 120 + row * 72
        draw.arc(
            (middle - radius, base - radius, middle + radius, base + radius), 180, 360, fill=BENCH, width=26
        )
        seats = 7 + row * 5
        for seat in range(seats):
            angle = pi * (seat + 0.5) / seats
            x, y = middle - cos(angle) * (radius - 13), base - sin(angle) * (radius - 13)
            if random.random() < 0.9:
                draw.ellipse((x - 15, y - 15, x + 15, y + 15), fill=random.choice(COATS))
                draw.ellipse((x - 7, y - 7, x + 7, y + 7), fill="#d9b38c")
    draw.rounded_rectangle((middle - 90, base - 30, middle + 90, base + 30), 10, fill=TABLE)
    file = BytesIO()
    image.save(file, "PNG")
    return drawn_anew(file.getvalue())
