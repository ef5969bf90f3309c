"""Label maps of any program: each object a layer, and written back with its value and its colour."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from meticulous_gui.core.label_map import legend_path, write_label_map
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.mask_file import read_mask
from meticulous_gui.core.mask_write import free_value, write_mask_file
from tests.core.test_mask_file import COLOURS, LABELS, MANY, SIZE_HW, VOC, layer_of, palette_image, raw


@pytest.mark.parametrize("name", MANY)
def test_objects_of_a_label_map_become_layers_and_go_back(tmp_path: Path, name: str) -> None:
    file_name, save = MANY[name]
    path = tmp_path / file_name
    save(path)
    before = raw(path)
    mask = read_mask(path)
    assert mask.has_objects
    ids = itertools.count(5)
    found = list(mask.layers(ids.__next__))
    assert len(found) == 3
    for _, layer in found:
        number = {tuple(p) for p in np.argwhere(layer.alpha == 255)[:1]}.pop()
        np.testing.assert_array_equal(layer.alpha == 255, LABELS[number] == LABELS)
    np.testing.assert_array_equal(mask.alpha > 0, LABELS > 0)
    values = {layer.id: label.value for label, layer in found}
    write_mask_file(mask, [layer for _, layer in found], path, values=values)
    assert raw(path) == before


def test_a_new_object_gets_a_value_and_a_colour_of_its_own(tmp_path: Path) -> None:
    for name, (file_name, save) in MANY.items():
        path = tmp_path / file_name
        save(path)
        mask = read_mask(path)
        ids = itertools.count(5)
        found = list(mask.layers(ids.__next__))
        values = {layer.id: label.value for label, layer in found}
        extra = np.zeros(SIZE_HW, np.uint8)
        extra[0, :3] = 255
        new = Layer(99, "New", extra, colour=(1, 250, 3))
        values[99] = free_value(mask, list(values.values()))
        write_mask_file(mask, [*(layer for _, layer in found), new], path, values=values)
        again = read_mask(path)
        assert len(again.labels) == 4, name
        assert again.values is not None
        assert len(np.unique(again.values[0, :4])) == 2
        if name.startswith("palette"):
            assert again.labels[-1].colour == (1, 250, 3)


def test_objects_of_one_colour_stay_two_in_a_map_of_colours(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(COLOURS).save(path)
    mask = read_mask(path)
    found = list(mask.layers(itertools.count(5).__next__))
    values = {layer.id: label.value for label, layer in found}
    new = []
    for number, colour in enumerate([(0, 158, 115), (0, 158, 115), VOC[1], (0, 0, 0)]):
        extra = np.zeros(SIZE_HW, np.uint8)
        extra[number, :3] = 255
        new.append(Layer(90 + number, "New", extra, colour=colour))
        values[90 + number] = free_value(mask, list(values.values()))
    write_mask_file(mask, [*(layer for _, layer in found), *new], path, values=values)
    again = read_mask(path)
    assert len(again.labels) == 7
    assert again.values is not None
    assert len(np.unique(again.values[:4, 0])) == 4
    assert again.values[:4, 0].all()


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tif"])
@pytest.mark.parametrize(
    ("rest", "colour"),
    [
        ([(number, 255 - number, 77) for number in range(8, 256)], (8, 247, 77)),  # as VOC has one for each
        ([(number, number, number) for number in range(8, 256)], (1, 250, 3)),  # as DAVIS fills up
        ([(0, 0, 0)] * 248, (1, 250, 3)),
    ],
)
def test_a_new_object_has_the_colour_that_the_file_chose_for_it_or_else_its_own(
    tmp_path: Path, suffix: str, rest: list[tuple[int, int, int]], colour: tuple[int, int, int]
) -> None:
    path = tmp_path / f"a{suffix}"
    palette_image(LABELS, [*VOC, *rest]).save(path)
    mask = read_mask(path)
    extra = np.zeros(SIZE_HW, np.uint8)
    extra[0, :3] = 255
    write_mask_file(mask, [Layer(9, "New", extra, colour=(1, 250, 3))], path, values={9: 8})
    with Image.open(path) as image:
        palette = np.array(image.getpalette("RGB")).reshape(-1, 3)
    assert [tuple(entry) for entry in palette[:9]] == [*VOC, colour]


def test_names_and_categories_come_from_our_own_legend(tmp_path: Path) -> None:
    layers = [layer_of(np.where(value == LABELS, 255, 0).astype(np.uint8), value) for value in (1, 2)]
    layers[1].name, layers[1].category, layers[1].colour = "hat", "thing", (200, 30, 40)
    path, _ = write_label_map(layers, tmp_path / "x.png")
    ids = itertools.count()
    first, second = (layer for _, layer in read_mask(path).layers(ids.__next__))
    assert (second.name, second.category, second.colour) == ("hat", "thing", (200, 30, 40))
    np.testing.assert_array_equal(first.alpha, layers[0].alpha)
    legend_path(path).write_text(json.dumps({"format": "other"}))
    assert read_mask(path).labels[1].name == "Label 2"


def test_the_rim_that_voc_leaves_undecided_is_no_object(tmp_path: Path) -> None:
    index = LABELS.copy()
    index[7] = 255
    palette_image(index, [*VOC, *[(9, 9, 9)] * 247, (224, 224, 192)]).save(tmp_path / "a.png")
    mask = read_mask(tmp_path / "a.png")
    assert [label.value for label in mask.labels] == [1, 2, 7]
    assert not mask.alpha[7].any()
    assert not mask.scaled((32, 40)).alpha[14:16].any()


@pytest.mark.parametrize("n_turns", range(4))
def test_the_rim_that_voc_leaves_undecided_stays_in_the_file(tmp_path: Path, n_turns: int) -> None:
    index = LABELS.copy()
    index[7] = 255
    path = tmp_path / "a.png"
    palette_image(index, [*VOC, *[(9, 9, 9)] * 247, (224, 224, 192)]).save(path)
    before = raw(path)
    mask = read_mask(path).turned(n_turns)
    ids = itertools.count(1)
    found = list(mask.layers(ids.__next__))
    values = {layer.id: label.value for label, layer in found}
    write_mask_file(mask, [layer for _, layer in found], path, values=values)
    assert raw(path) == before
    everywhere = layer_of(np.full(mask.size_hw, 255, np.uint8))
    write_mask_file(mask, [everywhere], path, values={1: 7})
    assert set(np.frombuffer(raw(path)[2], np.uint8)) == {7}, "a layer wins"
