"""A label map says of each pixel whose it is, and its legend what the values mean."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.label_map import label_map, legend_path, read_legend, write_label_map
from meticulous_gui.core.layer import Layer


def layer_of(layer_id: int, box: tuple[int, int, int, int], **state: object) -> Layer:
    alpha = np.zeros((8, 10), np.uint8)
    y0, y1, x0, x1 = box
    alpha[y0:y1, x0:x1] = 255
    return Layer(layer_id, f"Layer {layer_id}", alpha, **state)  # type: ignore[arg-type]


boxes = st.tuples(st.integers(0, 3), st.integers(4, 8), st.integers(0, 4), st.integers(5, 10))


@given(st.lists(boxes, min_size=1, max_size=5))
def test_each_pixel_belongs_to_the_highest_layer_that_covers_it(
    found: list[tuple[int, int, int, int]],
) -> None:
    layers = [layer_of(index, box) for index, box in enumerate(found, start=1)]
    pixels, labels = label_map(layers)
    for y in range(8):
        for x in range(10):
            owners = [n for n, layer in enumerate(layers, start=1) if layer.alpha[y, x] >= 128]
            assert pixels[y, x] == (owners[-1] if owners else 0)
    assert [label.value for label in labels] == list(range(1, len(found) + 1))


def test_the_files_can_be_read_by_any_program_and_by_ours(tmp_path: Path) -> None:
    layers = [
        layer_of(1, (0, 4, 0, 5), colour=(10, 20, 30), category="dog"),
        layer_of(2, (0, 8, 0, 10), visible=False),
        layer_of(7, (2, 6, 3, 8), colour=(200, 100, 0)),
    ]
    path, legend = write_label_map(layers, tmp_path / "dog-labels.png")
    with Image.open(path) as picture:
        assert picture.mode == "P"
        values = np.asarray(picture)
        assert picture.getpalette()[:9] == [0, 0, 0, 10, 20, 30, 200, 100, 0]  # type: ignore[index]
    assert np.unique(values).tolist() == [0, 1, 2], "the hidden layer is left out"
    assert values[3, 4] == 2
    assert legend == legend_path(path) == tmp_path / "dog-labels.json"
    entries = json.loads(legend.read_text())["labels"]
    assert [(one["value"], one["name"], one["category"]) for one in entries] == [
        (1, "Layer 1", "dog"),
        (2, "Layer 7", None),
    ]
    assert [label.name for label in read_legend(path)] == ["Layer 1", "Layer 7"]
    assert read_legend(path)[0].colour == (10, 20, 30)


def test_more_than_255_layers_need_16_bits(tmp_path: Path) -> None:
    layers = []
    for index in range(300):
        alpha = np.zeros((20, 20), np.uint8)
        alpha[index // 20, index % 20] = 255
        layers.append(Layer(index + 1, "x", alpha))
    path, _ = write_label_map(layers, tmp_path / "many.png")
    with Image.open(path) as picture:
        assert np.asarray(picture).max() == 300


def test_without_a_visible_layer_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="Every layer is hidden; show"):
        write_label_map([layer_of(1, (0, 1, 0, 1), visible=False)], tmp_path / "x.png")
    assert not list(tmp_path.iterdir())


def test_a_legend_that_cannot_be_written_leaves_the_picture_as_it_was(tmp_path: Path) -> None:
    path, legend = write_label_map([layer_of(1, (0, 4, 0, 5))], tmp_path / "x.png")
    before = path.read_bytes()
    legend.unlink()
    legend.mkdir()
    with pytest.raises(ExportError, match="is a folder"):
        write_label_map([layer_of(1, (2, 6, 3, 8))], path)
    assert path.read_bytes() == before


def test_a_legend_does_not_replace_what_another_program_wrote(tmp_path: Path) -> None:
    annotations = '{"shapes": [], "imagePath": "dog.jpg"}'
    (tmp_path / "dog.json").write_text(annotations)
    with pytest.raises(ExportError, match=r"would replace .*dog\.json, which another program wrote"):
        write_label_map([layer_of(1, (0, 4, 0, 5))], tmp_path / "dog.png")
    assert (tmp_path / "dog.json").read_text() == annotations
    assert not (tmp_path / "dog.png").exists()


def test_a_legend_of_another_program_is_no_legend(tmp_path: Path) -> None:
    for text in ("", "[]", '{"labels": 3}', '{"format": "meticulous-label-map", "labels": [{}]}'):
        (tmp_path / "x.json").write_text(text)
        assert read_legend(tmp_path / "x.png") == ()
