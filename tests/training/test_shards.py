from __future__ import annotations

import io
import tarfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from meticulous_gui.core.errors import UsageError
from meticulous_gui.core.mask_file import read_mask
from meticulous_gui.core.photo import load_photo
from training.common.mixture import Mixture, parse_shares
from training.common.shards import find_sets, open_set, open_splits, spread
from training.common.split import split_of


def _png(values: NDArray[np.uint8], **options: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(values).save(stream, "PNG")
    return stream.getvalue()


def _picture(seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    rng = np.random.default_rng(seed)
    rgb = rng.integers(0, 255, (8, 12, 3), dtype=np.uint8)
    mask = np.zeros((8, 12), np.uint8)
    mask[2:6, 3 : 4 + seed % 5] = 255
    return rgb, mask


def _write_shard(path: Path, keys: list[str]) -> None:
    with tarfile.open(path, "w") as tar:
        for index, key in enumerate(keys):
            rgb, mask = _picture(index)
            stream = io.BytesIO()
            Image.fromarray(rgb).save(stream, "WEBP", lossless=True)
            for name, content in ((f"{key}.webp", stream.getvalue()), (f"{key}.png", _one_bit(mask))):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))


def _one_bit(mask: NDArray[np.uint8]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(mask).convert("1").save(stream, "PNG")
    return stream.getvalue()


KEYS = [f"toy_{index}" for index in range(40)]


def test_shards_give_every_pair_with_its_own_mask(tmp_path: Path) -> None:
    _write_shard(tmp_path / "toy-0000.tar", KEYS[:25])
    _write_shard(tmp_path / "toy-0001.tar", KEYS[25:])
    pairs = open_set([tmp_path], "toy", "train")
    assert set(pairs.keys) == {key for key in KEYS if split_of(key) == "train"}
    for index in range(len(pairs)):
        pair = pairs[index]
        place = KEYS.index(pair.key)
        rgb, mask = _picture(place if place < 25 else place - 25)
        np.testing.assert_array_equal(pair.rgb, rgb)
        np.testing.assert_array_equal(pair.alpha, mask)


def test_the_splits_of_a_set_share_no_key(tmp_path: Path) -> None:
    _write_shard(tmp_path / "toy-0000.tar", KEYS)
    parts = [set(open_set([tmp_path], "toy", split).keys) for split in ("train", "val", "test")]
    assert set.union(*parts) == set(KEYS)
    assert sum(len(part) for part in parts) == len(KEYS)


def test_duts_own_two_folders_get_the_prefixed_keys(tmp_path: Path) -> None:
    (tmp_path / "DUTS-TR-Image").mkdir()
    (tmp_path / "DUTS-TR-Mask").mkdir()
    rgb, mask = _picture(1)
    Image.fromarray(rgb).save(tmp_path / "DUTS-TR-Image" / "n1_2.jpg")
    Image.fromarray(mask).save(tmp_path / "DUTS-TR-Mask" / "n1_2.png")
    Image.fromarray(rgb).save(tmp_path / "DUTS-TR-Image" / "without_mask.jpg")
    found = find_sets(tmp_path)
    assert [source.key for source in found["duts"]()] == ["duts_n1_2"]


def test_a_plain_folder_pairs_pictures_and_masks_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    rgb, mask = _picture(1)
    Image.fromarray(rgb).save(folder / "a.jpg")
    (folder / "a.png").write_bytes(_png(mask))
    (folder / "lonely.png").write_bytes(_png(mask))
    assert [source.key for source in find_sets(folder)["mine"]()] == ["a"]


def test_the_first_folder_wins_where_two_hold_a_key(tmp_path: Path) -> None:
    for name, value in (("first", 10), ("second", 200)):
        for part in ("DUTS-TR-Image", "DUTS-TR-Mask"):
            (tmp_path / name / part).mkdir(parents=True)
        Image.fromarray(np.full((4, 5, 3), value, np.uint8)).save(tmp_path / name / "DUTS-TR-Image" / "0.png")
        Image.fromarray(np.full((4, 5), 255, np.uint8)).save(tmp_path / name / "DUTS-TR-Mask" / "0.png")
    for first, second, value in (("first", "second", 10), ("second", "first", 200)):
        (pair,) = open_set([tmp_path / first, tmp_path / second], "duts", split_of("duts_0"))
        assert pair.rgb[0, 0, 0] == value


def test_splits_opened_together_are_those_opened_alone_and_a_shard_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write_shard(tmp_path / "toy-0000.tar", KEYS)
    _write_shard(tmp_path / "other-0000.tar", KEYS[:3])
    alone = {split: open_set([tmp_path], "toy", split).keys for split in ("train", "val")}
    opened: list[str] = []
    really_open = tarfile.open

    def note(path: Path) -> tarfile.TarFile:
        opened.append(path.name)
        return really_open(path)

    monkeypatch.setattr("tarfile.open", note)
    together = open_splits([tmp_path], "toy", {"train": 1 << 20, "val": 1 << 20})
    assert {split: pairs.keys for split, pairs in together.items()} == alone
    assert opened == ["toy-0000.tar"]


def test_pairs_beyond_the_budget_are_decoded_again_and_are_the_same(tmp_path: Path) -> None:
    _write_shard(tmp_path / "toy-0000.tar", KEYS)
    kept = open_set([tmp_path], "toy", "train")
    poor = open_set([tmp_path], "toy", "train", cache_bytes=0)
    assert kept[3] is kept[3]
    assert poor[3] is not poor[3]
    np.testing.assert_array_equal(kept[3].rgb, poor[3].rgb)


def test_a_mask_of_another_size_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    Image.fromarray(np.zeros((8, 12, 3), np.uint8)).save(folder / "a.jpg")
    (folder / "a.png").write_bytes(_png(np.zeros((8, 11), np.uint8)))
    with pytest.raises(UsageError, match=r"a: the mask is \(8, 11\)"):
        open_set([folder], "mine", split_of("a"))[0]


def test_a_near_copy_of_a_held_out_picture_is_not_trained_on(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    keys = [f"k{index}" for index in range(200)]
    train, test = ([key for key in keys if split_of(key) == split] for split in ("train", "test"))
    coarse = np.random.default_rng(0).integers(0, 255, (9, 16, 3), dtype=np.uint8)
    large = np.repeat(np.repeat(coarse, 20, axis=0), 20, axis=1)
    for key, values in ((test[0], large), (train[0], large[::2, ::2]), (train[1], large[:, ::-1])):
        Image.fromarray(np.ascontiguousarray(values)).save(folder / f"{key}.jpg", quality=80)
        (folder / f"{key}.png").write_bytes(_png(np.full(values.shape[:2], 255, np.uint8)))
    assert open_set([folder], "mine", "train").keys == (train[1],)
    assert open_set([folder], "mine", "test").keys == (test[0],)


def test_a_missing_set_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    _write_shard(tmp_path / "toy-0000.tar", KEYS[:2])
    with pytest.raises(UsageError, match=r"'duts'.*toy"):
        open_set([tmp_path], "duts", "train")


def test_a_set_with_nothing_in_a_split_is_named(tmp_path: Path) -> None:
    _write_shard(tmp_path / "toy-0000.tar", [key for key in KEYS if split_of(key) == "train"][:3])
    with pytest.raises(UsageError, match="No picture of the set 'toy' is in its split 'val'"):
        Mixture.open([tmp_path], parse_shares("toy"), seed=0)


def test_what_is_damaged_in_a_data_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "toy-0000.tar").write_bytes(b"")
    with pytest.raises(UsageError, match=r"The shard .*toy-0000\.tar cannot be read"):
        open_set([tmp_path], "toy", "train")
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"no picture")
    (folder / "a.png").write_bytes(_png(np.zeros((8, 12), np.uint8)))
    with pytest.raises(UsageError, match=r"The pair a \(.*a\.jpg\) cannot be read"):
        open_set([folder], "mine", split_of("a"))[0]
    with pytest.raises(UsageError, match=r"The pair a \(.*a\.jpg\) cannot be read"):
        open_set([folder], "mine", "train")


def test_masks_of_0_and_1_and_of_a_palette_mean_what_they_mean_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rgb, mask = _picture(1)
    coloured = Image.fromarray(mask // 255)
    coloured.putpalette([0, 0, 0, 128, 0, 0])
    grey = Image.fromarray(mask)
    grey.putpalette([code for code in range(256) for _ in range(3)])
    with_void = np.where((cv2.dilate(mask, np.ones((3, 3))) > 0) & (mask == 0), 255, mask // 255)
    of_voc = Image.fromarray(with_void.astype(np.uint8))
    of_voc.putpalette([code for value in range(256) for code in (value, 0, 0)])
    pictures = {"a": Image.fromarray(mask // 255), "b": coloured, "c": grey, "d": of_voc}
    for key, picture in pictures.items():
        Image.fromarray(rgb).save(tmp_path / f"{key}.jpg")
        picture.save(tmp_path / f"{key}.png")
    monkeypatch.chdir(tmp_path)
    pairs = open_set([Path()], tmp_path.name, "all")  # the folder here has a name, too
    assert len(pairs) == 4
    for pair in pairs:
        np.testing.assert_array_equal(pair.alpha, mask)


def test_masks_with_an_opaque_channel_of_16_bits_and_with_numbers_mean_what_they_mean_elsewhere(
    tmp_path: Path,
) -> None:
    rgb, mask = _picture(1)
    soft = np.where(np.roll(mask, 1, axis=0) > mask, np.uint8(100), mask)
    opaque = np.full_like(mask, 255)
    numbered = np.where(mask > 0, np.uint8(1), np.uint8(0))
    numbered[2, 3] = 2
    pictures = {
        "a": (Image.fromarray(np.dstack([soft, soft, soft, opaque])), soft),
        "b": (Image.fromarray(np.dstack([soft, opaque]), "LA"), soft),
        "c": (Image.fromarray(np.dstack([opaque, opaque, opaque, soft])), soft),
        "d": (Image.fromarray(soft.astype(np.uint16) * 257), soft),
        "e": (Image.fromarray(mask.astype(np.uint16)), mask),
        "f": (Image.fromarray(numbered), mask),
    }
    for key, (picture, _) in pictures.items():
        Image.fromarray(rgb).save(tmp_path / f"{key}.jpg")
        picture.save(tmp_path / f"{key}.png")
    for pair in open_set([tmp_path], tmp_path.name, "all"):
        np.testing.assert_array_equal(pair.alpha, pictures[pair.key][1], pair.key)
        np.testing.assert_array_equal(pair.alpha, read_mask(tmp_path / f"{pair.key}.png").alpha, pair.key)


def test_a_mask_in_colours_is_named(tmp_path: Path) -> None:
    rgb, mask = _picture(1)
    Image.fromarray(rgb).save(tmp_path / "a.jpg")
    Image.fromarray(np.dstack([mask, mask * 0, mask * 0])).save(tmp_path / "a.png")
    with pytest.raises(UsageError, match=r"The pair a \(.*a\.jpg\) cannot be read: the mask holds colours"):
        open_set([tmp_path], tmp_path.name, "all")[0]


def test_a_picture_of_16_bits_keeps_its_greys(tmp_path: Path) -> None:
    rgb, mask = _picture(1)
    for part, values in (("images", rgb[..., 0].astype(np.uint16) * 257), ("masks", mask)):
        (tmp_path / part).mkdir()
        Image.fromarray(values).save(tmp_path / part / "a.png")
    (pair,) = open_set([tmp_path], tmp_path.name, "all")
    np.testing.assert_array_equal(pair.rgb, np.dstack([rgb[..., 0]] * 3))


def test_a_photo_that_was_held_upright_is_read_upright_as_its_mask_was_made(tmp_path: Path) -> None:
    rgb, mask = _picture(1)
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn to the right
    Image.fromarray(rgb).save(tmp_path / "a.jpg", exif=exif)
    Image.fromarray(np.rot90(mask, -1)).save(tmp_path / "a.png")
    (pair,) = open_set([tmp_path], tmp_path.name, "all")
    np.testing.assert_array_equal(pair.rgb, load_photo(tmp_path / "a.jpg").rgb)
    assert pair.alpha.shape == (12, 8)


@pytest.mark.parametrize(("n_all", "n_wanted"), [(517, 128), (10, 10), (3, 8), (7, 2), (0, 4)])
def test_indices_are_spread_over_the_whole_set(n_all: int, n_wanted: int) -> None:
    chosen = spread(n_all, n_wanted)
    assert len(set(chosen)) == len(chosen) == min(n_all, n_wanted)
    assert all(0 <= index < n_all for index in chosen)
    gaps = [later - earlier for earlier, later in zip([-1, *chosen], [*chosen, n_all], strict=True)]
    if n_all > n_wanted:
        assert max(gaps[1:-1], default=1) - min(gaps[1:-1], default=1) <= 1
        assert chosen[0] <= n_all / n_wanted
