"""The picture of a replay is a well-formed SVG that says what it shows, with a gap where nothing was measured."""

from xml.etree import ElementTree

from bench.picture import chart


def test_a_picture_names_its_lines_and_leaves_gaps() -> None:
    svg = chart(
        "Waits <of all>", "ms", [0, 5, 10], {"p50": [10, 0, 12], "p99": [90, 400, 80]}, {5.0: "storm"}
    )
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    words = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"p50", "p99", "storm", "Waits <of all> (ms)", "10 s"} <= set(words)
    lines = [each.get("d") or "" for each in root.iter("{http://www.w3.org/2000/svg}path")]
    assert sum(line.count("M") == 2 and "L" not in line for line in lines) == 1
    assert "prefers-color-scheme:dark" in svg
