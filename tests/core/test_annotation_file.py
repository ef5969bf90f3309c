"""Annotations opened again: what was exported comes back, what others wrote is understood, damage is said."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as np_st
from pycocotools import mask as coco_mask

from meticulous_gui.core.annotation import Annotated, Instance, annotated
from meticulous_gui.core.annotation_export import ANNOTATION_EXPORTERS
from meticulous_gui.core.annotation_file import (
    AnnotationFile,
    is_labelme_of,
    photo_named_in,
    read_annotations,
)
from meticulous_gui.core.decode import DecodeLimits
from meticulous_gui.core.errors import MaskError
from meticulous_gui.core.export import Recipe
from meticulous_gui.core.formats.labelme import labelme_shapes
from meticulous_gui.core.formats.run_lengths import (
    compressed,
    decompressed,
    mask_of_run_lengths,
    run_lengths,
)
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.types import Mask
from tests.core.annotation_readers import even_odd
from tests.core.test_annotations import iou, parts_mask, picture, ring_mask
from tests.core.test_rings import MASKS, disc

H, W = 80, 120
BOX = [[10, 10], [40, 10], [40, 30], [10, 30]]


def opened(path: Path, *, name: str = "dog.jpg", size_hw: tuple[int, int] = (H, W)) -> AnnotationFile:
    return read_annotations(path, name, size_hw, DecodeLimits())


def masks_of(found: AnnotationFile) -> list[tuple[str, Mask]]:
    """Return (class, whole mask) of every object."""
    whole = []
    for one in found.objects:
        mask = np.zeros(found.size_hw, np.bool_)
        mask[one.box.slices()] = one.mask
        whole.append((one.label, mask))
    return whole


def written_json(folder: Path, content: Any, name: str = "dog.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def labelme(*shapes: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"shapes": list(shapes), "imageHeight": H, "imageWidth": W, "imagePath": "dog.jpg", **others}


def coco(**others: Any) -> dict[str, Any]:
    return {
        "images": [{"id": 1, "file_name": "train/dog.jpg", "width": W, "height": H}],
        "categories": [{"id": 7, "name": "dog"}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 7, "segmentation": [[10, 10, 40, 10, 40, 30, 10, 30]]}
        ],
        **others,
    }


# --- what was exported comes back -------------------------------------------------------------------------


@given(mask=MASKS)
def test_run_lengths_and_their_text_give_the_mask_again(mask: Mask) -> None:
    lengths = run_lengths(mask)
    assert decompressed(compressed(lengths)) == lengths
    np.testing.assert_array_equal(mask_of_run_lengths(lengths, (mask.shape[0], mask.shape[1])), mask)


@given(lengths=st.lists(st.integers(0, 10**9), max_size=12))
def test_any_run_lengths_survive_their_text(lengths: list[int]) -> None:
    assert decompressed(compressed(lengths)) == lengths


LAYERS = st.lists(
    st.tuples(
        np_st.arrays(np.bool_, (9, 7)).filter(np.any),
        st.sampled_from([None, "cat", "big dog", "Straße: 1, 'x'"]),
    ),
    min_size=1,
    max_size=4,
)


@given(layers=LAYERS)
@pytest.mark.parametrize(("name", "recipe"), [("coco", Recipe(has_rle=True)), ("labelme", Recipe())])
def test_names_categories_and_pixels_of_layers_come_back(
    tmp_path: Path, layers: list[tuple[Mask, str | None]], name: str, recipe: Recipe
) -> None:
    before = [
        Layer(index, f"Layer {index}", np.where(mask, np.uint8(255), np.uint8(0)), category=category)
        for index, (mask, category) in enumerate(layers, start=1)
    ]
    target = tmp_path / ("dog.json" if name == "coco" else "out")
    ANNOTATION_EXPORTERS[name].write([annotated("dog.jpg", (9, 7), before)], target, recipe)
    path = target if name == "coco" else target / "dog.json"
    ids = iter(range(1, 100))
    after = list(opened(path, size_hw=(9, 7)).layers(lambda: next(ids)))
    assert [(layer.name, layer.category) for layer in after] == [
        (layer.name, layer.category) for layer in before
    ]
    for one, other in zip(after, before, strict=True):
        # LabelMe's polygons of what has no holes may lose a pixel in fifty; all else is exact.
        same = iou(one.alpha >= 128, other.alpha >= 128)
        assert same == 1 if name == "coco" else same >= 0.98


@pytest.mark.parametrize("name", ["coco", "labelme", "yolo", "voc"])
def test_every_format_comes_back(tmp_path: Path, name: str) -> None:
    objects = [
        ("cat", disc(radius=20)),
        ("dog", parts_mask() & ~disc(radius=20)),
        ("cat", ring_mask() & ~disc(radius=20) & ~parts_mask()),
    ]
    target = tmp_path / "out.json" if name == "coco" else tmp_path
    ANNOTATION_EXPORTERS[name].write([picture(*objects)], target, Recipe(has_rle=True))
    path = {
        "coco": target,
        "labelme": tmp_path / "dog.json",
        "yolo": tmp_path / "labels" / "dog.txt",
        "voc": tmp_path / "Annotations" / "dog.xml",
    }[name]
    found = masks_of(opened(path))
    assert not opened(path).note
    assert [label for label, _ in found] == [label for label, _ in objects]
    for (_, mine), (_, theirs) in zip(found, objects, strict=True):
        assert iou(mine, theirs) == 1 if name in ("coco", "voc") else iou(mine, theirs) >= 0.98


# --- what others wrote ------------------------------------------------------------------------------------


def test_coco_of_others_polygons_parts_and_both_run_lengths(tmp_path: Path) -> None:
    mask = disc(radius=20)
    theirs = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))
    text = {"size": [H, W], "counts": theirs["counts"].decode("ascii")}
    numbers = {"size": [H, W], "counts": run_lengths(mask)}
    parts: list[list[float]] = [[10, 10, 40, 10, 40, 30, 10, 30], [50.5, 50, 60, 50, 60, 60.25]]
    entries = [
        {"id": number, "image_id": 1, "category_id": 7, "segmentation": shape, "iscrowd": 0}
        for number, shape in enumerate((parts, text, numbers))
    ]
    path = written_json(tmp_path, coco(annotations=[*entries, {"id": 9, "image_id": 2}]))
    found = masks_of(opened(path))
    by_hand = even_odd(np.reshape(parts[0], (-1, 2)), (H, W)) | even_odd(
        np.reshape(parts[1], (-1, 2)), (H, W)
    )
    np.testing.assert_array_equal(found[0][1], by_hand)
    np.testing.assert_array_equal(found[1][1], mask)
    np.testing.assert_array_equal(found[2][1], mask)


def test_coco_finds_its_photo_by_name_then_by_stem_then_when_there_is_only_one(tmp_path: Path) -> None:
    images = [
        {"id": 1, "file_name": "a\\cat.png", "width": W, "height": H},
        {"id": 2, "file_name": "b/DOG.png", "width": W, "height": H},
    ]
    entries = [
        {"image_id": number, "category_id": 7, "segmentation": [np.ravel(BOX).tolist()]}
        for number in (1, 2, 2)
    ]
    path = written_json(tmp_path, coco(images=images, annotations=entries))
    assert len(opened(path, name="cat.png").objects) == 1
    assert len(opened(path, name="dog.jpg").objects) == 2
    with pytest.raises(MaskError, match=r"knows 2 photos and none of them is called bird\.jpg"):
        opened(path, name="bird.jpg")
    assert len(opened(written_json(tmp_path, coco()), name="bird.jpg").objects) == 1


def test_coco_tells_photos_of_one_name_apart_by_their_folders(tmp_path: Path) -> None:
    images = [
        {"id": number, "file_name": f"{folder}/dog.jpg", "width": W, "height": H}
        for number, folder in enumerate(["train/a", "train\\b", "val/b"])
    ]
    entries = [
        {"image_id": number, "category_id": 7, "segmentation": [np.ravel(BOX).tolist()]}
        for number in (0, 1, 1, 2, 2, 2)
    ]
    path = written_json(tmp_path, coco(images=images, annotations=entries))

    def n_objects(folder: Path | None) -> int:
        return len(read_annotations(path, "dog.jpg", (H, W), DecodeLimits(), photo_folder=folder).objects)

    assert [n_objects(tmp_path / name) for name in ("train/a", "a", "train/b", "val/b")] == [1, 1, 2, 3]
    for folder in (None, tmp_path, tmp_path / "b"):
        with pytest.raises(MaskError, match=r"knows 3 photos called dog\.jpg in different folders"):
            n_objects(folder)


def test_labelme_of_others_every_kind_with_an_inside_and_groups(tmp_path: Path) -> None:
    shapes: list[dict[str, Any]] = [
        {"label": "box", "points": BOX},
        {"label": "box", "points": [[40, 30], [10, 10]], "shape_type": "rectangle"},
        {"label": "ball", "points": [[60, 40], [60, 50]], "shape_type": "circle", "group_id": None},
        {"label": "two", "points": BOX, "group_id": 1, "shape_type": "polygon"},
        {"label": "two", "points": [[50, 50], [60, 50], [60, 60], [50, 60]], "group_id": 1},
        {"label": "one", "points": BOX, "group_id": 1},
        {"label": "way", "points": [[0, 0], [5, 5]], "shape_type": "linestrip"},
    ]
    found = opened(written_json(tmp_path, labelme(*shapes, imageHeight=None)))
    (_, box), (_, same), (_, ball), (two, both), (one, _) = masks_of(found)
    assert box.sum() == 30 * 20
    np.testing.assert_array_equal(box, same)
    assert ball.sum() == pytest.approx(np.pi * 100, rel=0.02)
    assert (two, one) == ("two", "one")
    assert both.sum() == 700
    assert found.note == "1 of 6 objects in dog.json were left out: a linestrip has no inside."


def test_rectangles_of_four_corners_and_turned_ones_are_objects(tmp_path: Path) -> None:
    shapes: list[dict[str, Any]] = [
        {"label": "box", "points": BOX, "shape_type": "rectangle"},
        {"label": "turned", "points": [[30, 10], [50, 30], [30, 50], [10, 30]], "shape_type": "rotation"},
    ]
    found = opened(written_json(tmp_path, labelme(*shapes)))
    (_, box), (_, turned) = masks_of(found)
    assert box.sum() == 30 * 20
    assert turned.sum() == pytest.approx(800, rel=0.05)
    assert not found.note


def test_signs_of_yaml_in_names_of_classes_are_part_of_them(tmp_path: Path) -> None:
    labels = tmp_path / "dog.txt"
    labels.write_text("".join(f"{number} 0.5 0.5 0.4 0.4\n" for number in range(3)))
    for yaml in (
        """names: ['cat, small', "dog #1", it's]""",
        """names:\n  0: cat, small\n  1: 'dog #1'\n  2: it's  # here\n""",
    ):
        (tmp_path / "data.yaml").write_text(yaml)
        assert [label for label, _ in masks_of(opened(labels))] == ["cat, small", "dog #1", "it's"]


@pytest.mark.parametrize(
    "yaml",
    [
        "path: .\nnames:\n  0: cat\n  1: 'big dog'\nnc: 2\n",
        "names: [cat, 'big dog']\n",
        'names:\n- cat\n- "big dog"\n',
        "# its names: below\nnames:  # of two\n  # animals\n  0: cat  # feline\n  1: 'big dog' # not small\n",
        "names: [\n  cat, # feline\n  'big dog',\n]\n",
    ],
)
def test_yolo_of_others_boxes_polygons_and_ways_to_name_classes(tmp_path: Path, yaml: str) -> None:
    (tmp_path / "data.yaml").write_text(yaml)
    path = tmp_path / "labels" / "train" / "dog.txt"
    path.parent.mkdir(parents=True)
    path.write_text("0 0.5 0.5 0.25 0.5\n1 0.1 0.1 0.5 0.1 0.5 0.5\n\n5 0 0 1 0 1 1 0 1\n")
    (cat, box), (dog, _), (other, whole) = masks_of(opened(path))
    assert (cat, dog, other) == ("cat", "big dog", "class 5")
    assert box.sum() == 30 * 40
    assert whole.all()


def test_classes_txt_names_classes_too(tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_text("cat\ndog\n")
    path = tmp_path / "dog.txt"
    path.write_text("1 0.5 0.5 0.25 0.5\n")
    assert opened(path).objects[0].label == "dog"


def test_many_layers_of_one_class_have_different_names(tmp_path: Path) -> None:
    found = opened(written_json(tmp_path, labelme(*[{"label": "dog", "points": BOX}] * 3)))
    ids = iter((4, 5, 6))
    layers = list(found.layers(lambda: next(ids)))
    assert [layer.name for layer in layers] == ["dog", "dog 2", "dog 3"]
    assert [layer.category for layer in layers] == ["dog"] * 3


# --- damage is one sentence -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "is no JSON"),
        ("[1, 2]", "no annotations that are known here"),
        ('{"a": ' * 100_000, "dog.json"),
        (json.dumps({"format": "meticulous-label-map"}), "no annotations that are known here"),
        (json.dumps(labelme()), "holds no object"),
        (json.dumps(labelme({"label": "a", "points": [[1, 1], [2, 2]]})), "fewer than three corners"),
        (json.dumps(labelme({"label": "a", "points": [["a", 1], [2, 2], [3, 3]]})), "it is damaged"),
        (json.dumps(labelme({"label": "a", "points": [[float("nan"), 1], [2, 2], [3, 1]]})), "nowhere"),
        (json.dumps(labelme({"label": "a", "points": [[1e300, 1], [2, 2], [3, 1]]})), "nowhere"),
        (json.dumps(labelme({"label": "a", "points": [[-9, -9], [-5, -9], [-5, -5]]})), "no pixel"),
        (json.dumps(labelme({"points": BOX})), "it is damaged"),
        (json.dumps(labelme(3)), "it is damaged"),  # type: ignore[arg-type]
        (
            json.dumps(
                labelme({"label": "a", "points": [[1, 1], [2, 2]], "shape_type": "mask", "mask": "aGk="})
            ),
            "a mask that is no picture",
        ),
        (json.dumps(labelme({"label": "a", "points": BOX}, imageHeight=99)), r"120 x 99 px and dog\.jpg has"),
        (json.dumps(labelme({"label": "a", "points": BOX}, imageHeight="x")), "is damaged"),
        (json.dumps(coco(annotations=[])), "holds no object"),
        (json.dumps(coco(images=[])), "knows 0 photos"),
        (json.dumps(coco(images=3)), "is damaged"),
        (json.dumps(coco(categories=[])), "a category that the file does not name"),
        (
            json.dumps(coco(annotations=[{"image_id": 1, "category_id": 7, "segmentation": []}])),
            "only a box",
        ),
        (
            json.dumps(
                coco(
                    annotations=[
                        {"image_id": 1, "category_id": 7, "segmentation": {"size": [H, W], "counts": [5]}}
                    ]
                )
            ),
            "it is damaged",
        ),
    ],
)
def test_a_bad_json_is_one_sentence(tmp_path: Path, content: str, why: str) -> None:
    path = tmp_path / "dog.json"
    path.write_text(content)
    with pytest.raises(MaskError, match=why) as caught:
        opened(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("dog.txt", "hello world\n", "other text than annotations"),
        ("dog.txt", "0 hello world\n", "it is damaged"),
        ("dog.txt", "", "holds no object"),
        ("dog.txt", "0 0.1 0.1 0.5\n", "corner"),
        ("dog.xml", "<annotation", "is no XML"),
        ("dog.xml", "<annotations/>", "XML of another kind"),
        ("dog.xml", "<annotation><object><name>a</name></object></annotation>", "holds only boxes"),
    ],
)
def test_a_bad_text_or_xml_is_one_sentence(tmp_path: Path, name: str, content: str, why: str) -> None:
    path = tmp_path / "Annotations" / name
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(MaskError, match=why) as caught:
        opened(path)
    assert str(path) in str(caught.value)


def test_a_bad_picture_of_voc_objects_is_one_sentence(tmp_path: Path) -> None:
    ANNOTATION_EXPORTERS["voc"].write([picture(("cat", disc()))], tmp_path, Recipe())
    pixels = tmp_path / "SegmentationObject" / "dog.png"
    path = tmp_path / "Annotations" / "dog.xml"
    pixels.write_bytes(b"broken")
    with pytest.raises(MaskError, match=r"dog\.png"):
        opened(path)
    cv2.imwrite(str(pixels), np.random.default_rng(1).integers(0, 255, (H, W, 3), np.uint8))
    with pytest.raises(MaskError, match="colours where VOC has numbers"):
        opened(path)


def test_a_missing_a_binary_and_a_huge_file_are_one_sentence_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(MaskError, match="cannot be read"):
        opened(tmp_path / "dog.json")
    (tmp_path / "dog.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MaskError, match="is no text"):
        opened(tmp_path / "dog.json")
    monkeypatch.setattr("meticulous_gui.core.annotation_file._MAX_BYTES", 2)
    with pytest.raises(MaskError, match="cut it into smaller files"):
        opened(tmp_path / "dog.json")


def test_a_photo_of_another_size_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    side = 900_000
    corners = [[0, 0], [side, 0], [side, side], [0, side]]
    own = labelme({"label": "dog", "points": corners}, imageHeight=side, imageWidth=side)
    with pytest.raises(MaskError, match="is for a photo of 900000 x 900000 px"):
        opened(written_json(tmp_path, own))
    images = [{"id": 1, "file_name": "dog.jpg", "width": side, "height": side}]
    ring = {"id": 1, "image_id": 1, "category_id": 7, "segmentation": [np.ravel(corners).tolist()]}
    with pytest.raises(MaskError, match="is for a photo of 900000 x 900000 px"):
        opened(written_json(tmp_path, coco(images=images, annotations=[ring])))


def test_a_mask_with_a_broken_piece_costs_one_object(tmp_path: Path) -> None:
    whole = labelme_shapes(Instance("dog", "", ring_mask()), group=1)[0]
    begin, _, end = base64.b64decode(whole["mask"]).rpartition(b"IDAT")
    broken = {**whole, "mask": base64.b64encode(begin + b"ID\xe1T" + end).decode()}
    found = opened(written_json(tmp_path, labelme(broken, {"label": "cat", "points": BOX})))
    assert [one.label for one in found.objects] == ["cat"]
    assert "no picture" in found.note


def test_too_many_objects_are_refused_before_memory_is_taken(tmp_path: Path) -> None:
    path = written_json(tmp_path, labelme(*[{"label": "dog", "points": BOX}] * 101))
    with pytest.raises(MaskError, match="too many to be layers"):
        opened(path)


@given(text=st.text(max_size=40))
def test_any_text_of_run_lengths_is_numbers_or_refused(text: str) -> None:
    try:
        lengths = decompressed(text)
    except ValueError:
        return
    assert all(isinstance(length, int) for length in lengths)


def test_an_instance_with_one_pixel_comes_back(tmp_path: Path) -> None:
    mask = np.zeros((H, W), np.bool_)
    mask[3, 5] = True
    one = Annotated("dog.jpg", (H, W), (Instance("dot", "Dot", mask),))
    ANNOTATION_EXPORTERS["labelme"].write([one], tmp_path, Recipe())
    np.testing.assert_array_equal(masks_of(opened(tmp_path / "dog.json"))[0][1], mask)


def test_a_photo_that_is_named_impossibly_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"shapes": [], "imagePath": "a" * 300}))
    assert photo_named_in(path) is None
    assert is_labelme_of(path, "dog.png")
