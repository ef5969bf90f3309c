"""LabelMe files written back: what a person did not touch stays as it was, what they did comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meticulous_gui.core.annotation_back import new_annotations, objects_of_layers, record_of, write_back
from meticulous_gui.core.annotation_file import AnnotationFile, read_annotations
from meticulous_gui.core.decode import DecodeLimits
from meticulous_gui.core.formats.labelme_update import Wanted, updated_labelme
from meticulous_gui.core.json_style import JsonStyle
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.mask_pairs import annotated_names
from meticulous_gui.core.types import Alpha

H, W = 40, 60


def square(x: float, y: float, side: float = 8) -> list[list[float]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side]]


def shape(label: str, points: list[list[float]], **others: Any) -> dict[str, Any]:
    return {
        "label": label,
        "points": points,
        "group_id": None,
        "shape_type": "polygon",
        "flags": {},
        **others,
    }


EVERYTHING: dict[str, Any] = {
    "version": "4.5.6",
    "flags": {"checked": True},
    "shapes": [
        shape("dog", square(2, 2), score=0.25, flags={"occluded": True}),
        shape("way", [[1.5, 1], [5, 9]], shape_type="line"),
        shape("cat", square(20, 2), group_id=4, description="Tom"),
        shape("dog", square(2, 20)),
        shape("cat", square(40, 2), group_id=4, description="Tom"),
    ],
    "imagePath": "dog.jpg",
    "imageData": "AAAA",
    "imageHeight": H,
    "imageWidth": W,
    "reviewer": {"name": "Zoë", "rounds": [1, 2.0]},
}


def written(folder: Path, content: Any = EVERYTHING, *, indent: int | None = 2) -> Path:
    path = folder / "dog.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=indent), encoding="utf-8")
    return path


def read(path: Path) -> AnnotationFile:
    return read_annotations(path, "dog.jpg", (H, W), DecodeLimits(), may_be_empty=True)


def opened(path: Path) -> tuple[AnnotationFile, list[Layer], dict[int, int]]:
    found = read(path)
    ids = iter(range(1, 100))
    layers = list(found.layers(lambda: next(ids)))
    return found, layers, {layer.id: index for index, layer in enumerate(layers)}


def changed(layer: Layer, alpha: Alpha | None = None, **looks: Any) -> Layer:
    new = Layer(
        layer.id,
        layer.name,
        layer.alpha if alpha is None else alpha,
        colour=layer.colour,
        category=layer.category,
    )
    for name, value in looks.items():
        setattr(new, name, value)
    return new


def box_alpha(x0: int, y0: int, x1: int, y1: int) -> Alpha:
    alpha = np.zeros((H, W), np.uint8)
    alpha[y0:y1, x0:x1] = 255
    return alpha


def test_nothing_is_written_where_nothing_changed(tmp_path: Path) -> None:
    path = written(tmp_path, indent=None)
    before = path.stat().st_mtime_ns, path.read_bytes()
    found, layers, objects = opened(path)
    back = write_back(found, layers, objects, path)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    assert back.is_all
    assert back.objects == objects


@pytest.mark.parametrize("indent", [None, 1, 2, 4])
def test_only_the_shape_of_the_changed_layer_is_another_one(tmp_path: Path, indent: int | None) -> None:
    path = written(tmp_path, indent=indent)
    found, layers, objects = opened(path)
    layers[0] = changed(layers[0], box_alpha(3, 4, 9, 10))
    back = write_back(found, layers, objects, path)
    text = path.read_text(encoding="utf-8")
    assert ("\n" in text) == (indent is not None)
    assert "Zoë" in text
    content = json.loads(text)
    new = content["shapes"].pop(0)
    kept = {**EVERYTHING, "shapes": EVERYTHING["shapes"][1:]}
    assert content == kept
    assert list(content) == list(EVERYTHING), "the keys are in their order"
    assert sorted(map(tuple, new.pop("points"))) == [(3, 4), (3, 10), (9, 4), (9, 10)]
    template = dict(EVERYTHING["shapes"][0])
    del template["points"]
    assert new == template, "its flags and what nobody here knows stay"
    assert back.is_all


def test_a_name_and_a_category_are_written_without_touching_the_points(tmp_path: Path) -> None:
    path = written(tmp_path)
    found, layers, objects = opened(path)
    assert [layer.name for layer in layers] == ["dog", "Tom", "dog 2"]
    layers[1] = changed(layers[1], category="lion")
    layers[2] = changed(layers[2], name="Rex")
    write_back(found, layers, objects, path)
    shapes = json.loads(path.read_text(encoding="utf-8"))["shapes"]
    assert [one["label"] for one in shapes] == ["dog", "way", "lion", "dog", "lion"]
    assert [one.get("description") for one in shapes] == [None, None, "Tom", "Rex", "Tom"]
    assert [one["points"] for one in shapes] == [one["points"] for one in EVERYTHING["shapes"]]


def test_a_layer_that_went_or_is_empty_takes_its_shapes_along_and_a_new_one_comes(tmp_path: Path) -> None:
    path = written(tmp_path)
    found, layers, objects = opened(path)
    new = Layer(9, "Ball", box_alpha(30, 30, 36, 36), category="ball")
    rest = [changed(layers[0], np.zeros((H, W), np.uint8)), new, layers[2]]
    back = write_back(found, rest, objects, path)
    shapes = json.loads(path.read_text(encoding="utf-8"))["shapes"]
    assert [one["label"] for one in shapes] == ["ball", "way", "dog"]
    assert not back.is_all, "a layer without a pixel is in no file"
    assert back.objects == {9: 0, layers[2].id: 1}


def test_another_order_of_the_layers_is_that_of_the_shapes(tmp_path: Path) -> None:
    path = written(tmp_path)
    found, layers, objects = opened(path)
    write_back(found, layers[::-1], objects, path)
    shapes = json.loads(path.read_text(encoding="utf-8"))["shapes"]
    assert [one["label"] for one in shapes] == ["dog", "cat", "cat", "dog", "way"]
    assert shapes[3] == EVERYTHING["shapes"][0]


def test_objects_stay_apart_whatever_their_classes_become(tmp_path: Path) -> None:
    shapes = [shape("a", square(2, 2), group_id=1), shape("b", square(20, 2), group_id=1)]
    path = written(tmp_path, {**EVERYTHING, "shapes": shapes})
    found, layers, objects = opened(path)
    two_parts = box_alpha(2, 20, 6, 24) | box_alpha(20, 20, 24, 24)
    others = [Layer(8, "c", two_parts, category="c"), Layer(9, "c 2", two_parts, category="c")]
    layers[1] = changed(layers[1], category="a")
    back = write_back(found, [*layers, *others], objects, path)
    assert len(back.found.objects) == 4
    assert len(back.objects) == 4


def test_soft_edges_and_hidden_layers_are_more_than_the_file_holds(tmp_path: Path) -> None:
    path = written(tmp_path)
    found, layers, objects = opened(path)
    soft = layers[0].alpha.copy()
    soft[1, 2:10] = 90
    assert not write_back(found, [changed(layers[0], soft), *layers[1:]], objects, path).is_all
    hidden = changed(layers[0], visible=False)
    assert not write_back(found, [hidden, *layers[1:]], objects, path).is_all
    assert json.loads(path.read_text(encoding="utf-8")) == EVERYTHING, "a hidden object is one"


def test_a_photo_without_annotations_gets_a_file_that_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "dog.json"
    layer = Layer(1, "Rex", box_alpha(3, 3, 20, 20), category="dog")
    back = write_back(new_annotations(path, "dog.jpg", (H, W)), [layer], {}, path)
    (found,) = read(path).layers(lambda: 1)
    np.testing.assert_array_equal(found.alpha, layer.alpha)
    assert (found.name, found.category) == ("Rex", "dog")
    assert back.is_all
    again = write_back(back.found, [changed(layer, name="Max")], back.objects, path)
    assert json.loads(path.read_text())["shapes"][0]["description"] == "Max"
    assert again.objects == {1: 0}


def test_saved_layers_are_known_again_by_the_record_or_by_their_pixels(tmp_path: Path) -> None:
    path = written(tmp_path)
    found, layers, objects = opened(path)
    other = [changed(layers[0], box_alpha(0, 0, 5, 5)), layers[2]]
    assert objects_of_layers(found, layers) == objects
    assert objects_of_layers(found, other) is None
    record = json.loads(json.dumps(record_of(found, objects)))
    assert objects_of_layers(found, other, record) == {layers[0].id: 0, layers[2].id: 2}
    written(tmp_path, {**EVERYTHING, "flags": {}})
    assert objects_of_layers(read(path), other, record) is None, "another program wrote it since"
    for damaged in (3, {}, {**record, "layers": [1]}, {**record, "layers": None}):
        assert objects_of_layers(found, other, damaged) is None


def test_json_beside_a_photo_counts_where_it_is_labelme_and_of_this_photo(tmp_path: Path) -> None:
    written(tmp_path)
    for name in ("dog.jpg", "cat.jpg"):
        (tmp_path / name).write_bytes(b"")
    assert annotated_names(tmp_path, ["cat.jpg", "dog.jpg"]) == ["dog.jpg"]
    (tmp_path / "dog.json").write_text('{"title": "holiday"}')
    assert annotated_names(tmp_path, ["cat.jpg", "dog.jpg"]) == []
    (tmp_path / "dog.json").write_text(json.dumps({**EVERYTHING, "imagePath": "cat.jpg"}))
    assert annotated_names(tmp_path, ["dog.jpg"]) == [], "cat.jpg is there and it is its own"


@pytest.mark.parametrize(
    "raw",
    [
        b'{\n\t"a": [\n\t\t1\n\t]\n}\n',
        b'\xef\xbb\xbf{\r\n  "a": 1\r\n}',
        b'{"a": "\\u00eb"}',
        b'{\n"a": {}\n}',
    ],
)
def test_a_json_is_laid_out_as_it_was(raw: bytes) -> None:
    assert JsonStyle.of(raw).encode(json.loads(raw)) == raw


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_wanted_every_other_shape_stays(data: st.DataObject) -> None:
    """Kept objects keep all their shapes, others none; what is no object is there in any case."""
    n_shapes = data.draw(st.integers(0, 6))
    owners = data.draw(st.lists(st.integers(-1, 2), min_size=n_shapes, max_size=n_shapes))
    shapes = [{"label": str(index), "group_id": None} for index in range(n_shapes)]
    origins = [tuple(i for i, owner in enumerate(owners) if owner == one) for one in range(3)]
    origins = [origin for origin in origins if origin]
    wanted = [Wanted(origin) for origin in data.draw(st.permutations(origins))]
    wanted = wanted[: data.draw(st.integers(0, len(wanted)))]
    mask = np.ones((2, 2), np.bool_)
    for place in data.draw(st.lists(st.integers(0, 3), max_size=2)):
        wanted.insert(place, Wanted((), "new", "", mask))
    content, numbers = updated_labelme({"shapes": shapes}, origins, wanted)
    kept = {index for one in wanted for index in one.origin} | {
        i for i, owner in enumerate(owners) if owner < 0
    }
    old = [one for one in content["shapes"] if one["label"] != "new"]
    assert sorted(int(one["label"]) for one in old) == sorted(kept)
    of_wanted = [number for number in numbers if number is not None]
    assert sorted(set(of_wanted)) == list(range(len(wanted)))
    order = [one.origin[0] for one in wanted if one.origin]
    if order == sorted(order):
        assert [int(one["label"]) for one in old] == sorted(kept), "in their places"
