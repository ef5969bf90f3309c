from __future__ import annotations

import contextlib
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as np_st
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

from meticulous_gui.core.annotation import Annotated, Instance, annotated, refuse_twins
from meticulous_gui.core.annotation_export import ANNOTATION_EXPORTERS
from meticulous_gui.core.annotation_file import read_annotations
from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.export import Recipe
from meticulous_gui.core.formats.run_lengths import compressed, run_lengths
from meticulous_gui.core.formats.voc import voc_colour
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.photo import DecodeLimits, load_photo
from meticulous_gui.core.resources import resource_dir
from meticulous_gui.core.types import Mask
from tests.core.annotation_readers import Objects, decoded, read_coco, read_labelme, read_voc, read_yolo
from tests.core.test_files import names_in
from tests.core.test_rings import MASKS, disc

RLE = Recipe(has_rle=True)
POLYGONS = Recipe()
H, W = 80, 120


def picture(*objects: tuple[str, Mask], name: str = "dog.jpg") -> Annotated:
    size_hw = objects[0][1].shape if objects else (H, W)
    instances = tuple(Instance(label, f"Layer {index}", mask) for index, (label, mask) in enumerate(objects))
    return Annotated(name, (size_hw[0], size_hw[1]), instances)


def ring_mask() -> Mask:
    return disc() & ~disc(radius=12)


def parts_mask() -> Mask:
    mask = np.zeros((H, W), np.bool_)
    mask[10:30, 10:30] = mask[50:70, 80:110] = True
    return mask


def iou(first: Mask, second: Mask) -> float:
    return float((first & second).sum() / (first | second).sum())


def write(name: str, target: Path, *pictures: Annotated, recipe: Recipe = POLYGONS) -> tuple[str, ...]:
    return ANNOTATION_EXPORTERS[name].write(iter(pictures), target, recipe)


@given(mask=MASKS)
def test_run_lengths_are_those_of_pycocotools_to_the_letter(mask: Mask) -> None:
    theirs = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))
    assert compressed(run_lengths(mask)) == theirs["counts"].decode("ascii")


@given(lengths=st.lists(st.integers(1, 10**6), min_size=1, max_size=12))
def test_long_runs_are_packed_as_pycocotools_packs_them(lengths: list[int]) -> None:
    height = sum(lengths)
    theirs = coco_mask.frPyObjects({"size": [height, 1], "counts": lengths}, height, 1)
    assert compressed(lengths) == theirs["counts"].decode("ascii")


@given(masks=st.lists(np_st.arrays(np.bool_, (7, 5)).filter(np.any), min_size=1, max_size=4))
def test_coco_run_lengths_read_back_to_the_bit(tmp_path: Path, masks: list[Mask]) -> None:
    objects = [(f"class {index % 2}", mask) for index, mask in enumerate(masks)]
    assert write("coco", tmp_path / "a.json", picture(*objects), recipe=RLE) == ()
    assert_same(read_coco(tmp_path / "a.json")["dog.jpg"], objects)


@given(masks=st.lists(np_st.arrays(np.bool_, (7, 5)).filter(np.any), min_size=1, max_size=3))
def test_labelme_reads_back_to_the_bit_what_has_holes_and_closely_what_has_none(
    tmp_path: Path, masks: list[Mask]
) -> None:
    objects = [(f"class {index % 2}", mask) for index, mask in enumerate(masks)]
    assert write("labelme", tmp_path, picture(*objects)) == ()
    for (label, read), (wanted_label, mask) in zip(read_labelme(tmp_path / "dog.json"), objects, strict=True):
        assert label == wanted_label
        assert iou(read, mask) >= 0.98


def test_labelme_keeps_a_hole_by_a_mask_and_parts_by_a_group(tmp_path: Path) -> None:
    objects = [("ring", ring_mask()), ("parts", parts_mask())]
    write("labelme", tmp_path, picture(*objects))
    assert_same(read_labelme(tmp_path / "dog.json"), objects)
    shapes = json.loads((tmp_path / "dog.json").read_text())["shapes"]
    assert [(shape["shape_type"], shape["group_id"]) for shape in shapes] == [
        ("mask", None),
        ("polygon", 2),
        ("polygon", 2),
    ]


def test_coco_polygons_keep_parts_and_lose_holes_which_is_said(tmp_path: Path) -> None:
    notes = write("coco", tmp_path / "a.json", picture(("ring", ring_mask()), ("parts", parts_mask())))
    assert notes == (
        "COCO polygons hold no holes: 1 of 2 objects lost theirs; export run lengths to keep them.",
    )
    (_, ring), (_, parts) = read_coco(tmp_path / "a.json")["dog.jpg"]
    assert iou(ring, disc()) >= 0.98
    np.testing.assert_array_equal(parts, parts_mask())


def test_coco_is_what_coco_programs_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = picture(("dog", disc()), ("cat", parts_mask()))
    second = picture(("dog", ring_mask()), name="Straße.png")
    write("coco", tmp_path / "a.json", first, picture(name="empty.png"), second, recipe=RLE)
    coco = COCO(tmp_path / "a.json")
    capsys.readouterr()
    assert [image["file_name"] for image in coco.loadImgs(coco.getImgIds())] == [
        "dog.jpg",
        "empty.png",
        "Straße.png",
    ]
    assert [category["name"] for category in coco.loadCats(coco.getCatIds())] == ["dog", "cat"]
    entry = coco.loadAnns(coco.getAnnIds(imgIds=[3]))[0]
    np.testing.assert_array_equal(decoded(coco.annToRLE(entry)), ring_mask())
    assert (entry["area"], entry["iscrowd"]) == (ring_mask().sum(), 0)
    assert entry["bbox"] == list(map(float, coco_mask.toBbox(entry["segmentation"])))


def test_yolo_joins_parts_and_holes_which_is_said(tmp_path: Path) -> None:
    objects = [("ring", ring_mask()), ("parts", parts_mask()), ("disc", disc())]
    notes = write("yolo", tmp_path, picture(*objects))
    assert notes == (
        "YOLO holds one ring an object: 2 of 3 have holes or several parts, "
        "which are joined by bridges without width.",
    )
    read = read_yolo(tmp_path, "dog", (H, W))
    for (label, mask), (wanted_label, wanted) in zip(read, objects, strict=True):
        assert label == wanted_label
        assert iou(mask, wanted) >= 0.98


@given(mask=np_st.arrays(np.bool_, (7, 5)).filter(np.any))
def test_yolo_lines_are_whole_and_inside(tmp_path: Path, mask: Mask) -> None:
    write("yolo", tmp_path, picture(("a", mask)))
    (line,) = (tmp_path / "labels" / "dog.txt").read_text().splitlines()
    values = [float(value) for value in line.split()[1:]]
    assert len(values) >= 6
    assert len(values) % 2 == 0
    assert 0 <= min(values) <= max(values) <= 1
    assert iou(read_yolo(tmp_path, "dog", (7, 5))[0][1], mask) >= 0.98


def test_a_photo_with_nothing_on_it_has_an_empty_yolo_file(tmp_path: Path) -> None:
    write("yolo", tmp_path, picture())
    assert (tmp_path / "labels" / "dog.txt").read_text() == ""


@pytest.mark.parametrize("name", ["yolo", "voc"])
def test_classes_keep_their_numbers_when_photos_are_exported_one_by_one(tmp_path: Path, name: str) -> None:
    write(name, tmp_path, picture(("dog", disc()), ('cat: "big"', parts_mask()), name="a.jpg"))
    write(name, tmp_path, picture(("bird", disc()), ('cat: "big"', parts_mask()), name="b.jpg"))
    for stem, labels in (("a", ["dog", 'cat: "big"']), ("b", ["bird", 'cat: "big"'])):
        read = read_yolo(tmp_path, stem, (H, W)) if name == "yolo" else read_voc(tmp_path, stem)
        assert [label for label, _ in read] == labels


@pytest.mark.parametrize("label", ["#1", "a\nb", "a\x85b", "a\u2028b"])
@pytest.mark.parametrize("name", ["yolo", "voc"])
def test_classes_of_odd_names_keep_their_numbers(tmp_path: Path, name: str, label: str) -> None:
    odd = Layer(1, "odd", np.where(disc(), np.uint8(255), np.uint8(0)), category=label)
    for stem, others in (("a", ()), ("b", (("cat", parts_mask()),)), ("c", ())):
        (one,) = annotated(f"{stem}.jpg", (H, W), [odd]).instances
        write(name, tmp_path, picture(*others, (one.label, one.mask), name=f"{stem}.jpg"))
    for stem, other_labels in (("a", []), ("b", ["cat"]), ("c", [])):
        read = read_yolo(tmp_path, stem, (H, W)) if name == "yolo" else read_voc(tmp_path, stem)
        assert [found for found, _ in read] == [*other_labels, " ".join(label.splitlines())]


def test_what_a_data_yaml_says_beside_its_classes_stays(tmp_path: Path) -> None:
    (tmp_path / "data.yaml").write_text(
        "# my photos\npath: /data/dogs\ntrain: images/train\nval: images/val\nnc: 2\n"
        "names:\n  0: 'Tom''s cat'\n  1: dog\n"
    )
    write("yolo", tmp_path, picture(("dog", disc()), ("Tom's cat", parts_mask()), ("bird", disc())))
    assert (tmp_path / "data.yaml").read_text() == (
        "# my photos\npath: /data/dogs\ntrain: images/train\nval: images/val\nnc: 3\n"
        'names:\n  0: "Tom\'s cat"\n  1: "dog"\n  2: "bird"\n'
    )
    lines = (tmp_path / "labels" / "dog.txt").read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["1", "0", "2"]


def test_parts_and_actions_of_a_labelmap_stay(tmp_path: Path) -> None:
    text = "# of my own\nbackground:0,0,0::\nperson:128,0,0:head,hand:jumping\n"
    (tmp_path / "labelmap.txt").write_text(text)
    write("voc", tmp_path, picture(("dog", ring_mask()), ("person", disc(radius=4))))
    assert (tmp_path / "labelmap.txt").read_text() == f"{text}dog:0,128,0::\n"
    assert [label for label, _ in read_voc(tmp_path, "dog")] == ["dog", "person"]


@pytest.mark.parametrize(
    ("name", "file", "text"),
    [
        ("yolo", "data.yaml", "names: [dog, cat]\n"),
        ("yolo", "data.yaml", "names:\n  0: dog  # and wolf\n"),
        ("yolo", "data.yaml", "names:\n  0: dog\n  7: cat\n"),
        ("voc", "labelmap.txt", "dog:not a colour::\n"),
        ("voc", "labelmap.txt", "dog:0,0,128::\n"),
    ],
)
def test_classes_in_a_strange_form_are_refused_and_left_alone(
    tmp_path: Path, name: str, file: str, text: str
) -> None:
    (tmp_path / file).write_text(text)
    with pytest.raises(ExportError, match="choose another folder"):
        write(name, tmp_path, picture(("dog", disc())))
    assert (tmp_path / file).read_text() == text
    assert names_in(tmp_path) == [file]


@given(masks=st.lists(np_st.arrays(np.bool_, (7, 5)).filter(np.any), min_size=1, max_size=4))
def test_voc_reads_back_to_the_bit_what_does_not_overlap(tmp_path: Path, masks: list[Mask]) -> None:
    taken = np.zeros((7, 5), np.bool_)
    objects = []
    for index, mask in enumerate(masks):
        free = mask & ~taken
        taken |= mask
        if free.any():
            objects.append((f"class {index % 2}", free))
    assert write("voc", tmp_path, picture(*objects)) == ()
    assert_same(read_voc(tmp_path, "dog"), objects)


def test_voc_lets_the_upper_object_cover_the_lower_and_says_so(tmp_path: Path) -> None:
    notes = write("voc", tmp_path, picture(("low", disc()), ("high", disc(radius=12))))
    assert notes == ("Pascal VOC holds one object a pixel: 1 objects cover parts of lower ones.",)
    (_, low), (_, high) = read_voc(tmp_path, "dog")
    np.testing.assert_array_equal(low, ring_mask())
    np.testing.assert_array_equal(high, disc(radius=12))


def test_voc_has_its_own_palette_and_boxes_from_one(tmp_path: Path) -> None:
    assert [voc_colour(value) for value in (1, 2, 3, 15, 255)] == [
        (128, 0, 0),
        (0, 128, 0),
        (128, 128, 0),
        (192, 128, 128),
        (224, 224, 192),
    ]
    mask = np.zeros((H, W), np.bool_)
    mask[3:10, 5:25] = True
    write("voc", tmp_path, picture(("dog", mask)))
    text = (tmp_path / "Annotations" / "dog.xml").read_text()
    for tag, value in (("xmin", 6), ("ymin", 4), ("xmax", 25), ("ymax", 10), ("truncated", 0)):
        assert f"<{tag}>{value}</{tag}>" in text


def test_two_photos_of_one_stem_are_refused() -> None:
    refuse_twins(["dog.jpg", "cat.jpg", "dog.jpg"])  # one that is named twice is one
    with pytest.raises(ExportError, match=r"dog\.jpg and Dog\.png would be written to one file; rename one"):
        refuse_twins(["dog.jpg", "cat.jpg", "Dog.png"])


@pytest.mark.parametrize("name", list(ANNOTATION_EXPORTERS))
def test_the_file_of_a_photo_is_the_one_that_is_written(tmp_path: Path, name: str) -> None:
    target = tmp_path / "out"
    file = ANNOTATION_EXPORTERS[name].file_of("dog.jpg", target)
    write(name, target, picture(("a", disc())))
    assert file.is_file()


@pytest.mark.parametrize("name", list(ANNOTATION_EXPORTERS))
def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ExportError, match="file"):
        write(name, tmp_path / "file" / "deeper", picture(("a", disc())))


def test_objects_are_the_visible_layers_or_the_active_one_with_their_categories() -> None:
    alpha = np.where(disc(), 200, 100).astype(np.uint8)
    layers = [
        Layer(1, "low", alpha, category="dog"),
        Layer(2, "hidden", alpha, visible=False),
        Layer(3, "empty", np.full((H, W), 127, np.uint8)),
        Layer(4, "high", alpha),
    ]
    whole = annotated("dog.jpg", (H, W), layers)
    assert [(one.label, one.name) for one in whole.instances] == [("dog", "low"), ("object", "high")]
    np.testing.assert_array_equal(whole.instances[0].mask, disc())
    assert [one.name for one in annotated("dog.jpg", (H, W), layers, active_id=2).instances] == ["hidden"]


def assert_same(read: Objects, wanted: Objects) -> None:
    assert [label for label, _ in read] == [label for label, _ in wanted]
    for (_, mask), (_, other) in zip(read, wanted, strict=True):
        np.testing.assert_array_equal(mask, other)


@pytest.mark.parametrize("name", list(ANNOTATION_EXPORTERS))
def test_the_ragged_outline_of_a_real_photo_survives_every_format(tmp_path: Path, name: str) -> None:
    rgb = load_photo(resource_dir() / "samples" / "coffee.png").rgb
    mask = cv2.medianBlur(rgb[80:240, 150:390, 1], 7) > 120  # parts, holes, and edges that no hand would draw
    assert 0.05 < mask.mean() < 0.95
    target = tmp_path / "a.json" if name == "coco" else tmp_path
    write(name, target, picture(("cup", mask)), recipe=RLE)
    read = {
        "coco": lambda: read_coco(target)["dog.jpg"],
        "yolo": lambda: read_yolo(target, "dog", (mask.shape[0], mask.shape[1])),
        "voc": lambda: read_voc(target, "dog"),
        "labelme": lambda: read_labelme(target / "dog.json"),
    }[name]()
    ((label, again),) = read
    assert label == "cup"
    if name == "yolo":
        assert iou(again, mask) >= 0.98
    else:
        np.testing.assert_array_equal(again, mask)


@pytest.mark.parametrize("name", ['"a\\x41"', '"a\\"', "'it''s'"])
def test_names_of_classes_that_are_no_json_are_refused_or_read_and_never_raise(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "data.yaml").write_text(f"names:\n  0: {name}\n")
    labels = tmp_path / "a.txt"
    labels.write_text("0 0.1 0.1 0.9 0.1 0.9 0.9\n")
    assert read_annotations(labels, "a.png", (20, 30), DecodeLimits()).objects
    with contextlib.suppress(ExportError):
        ANNOTATION_EXPORTERS["yolo"].write([], tmp_path, Recipe(format="yolo"))
