"""What goes where is decided before any work."""

import os
from pathlib import Path

import pytest

from meticulous_gui.core.errors import UsageError
from meticulous_gui.core.plan import (
    Task,
    find_files,
    is_up_to_date,
    plan_outputs,
    plan_pairs,
    refuse_collisions,
)

PNG = (".png",)
PHOTOS = (".jpg", ".png")


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def targets(inputs: list[Path], out: Path) -> list[Path]:
    return [task.target for task in plan_outputs(inputs, out, suffixes=PNG, photo_suffixes=PHOTOS).tasks]


def test_one_photo_and_a_known_suffix_name_a_file(tmp_path: Path) -> None:
    photo = touch(tmp_path / "x.jpg")
    assert targets([photo], tmp_path / "y.png") == [tmp_path / "y.png"]


def test_one_photo_and_no_known_suffix_name_a_folder(tmp_path: Path) -> None:
    photo = touch(tmp_path / "x.jpg")
    assert targets([photo], tmp_path / "out") == [tmp_path / "out" / "x.png"]


def test_two_photos_make_a_folder_even_of_a_name_with_a_suffix(tmp_path: Path) -> None:
    photos = [touch(tmp_path / "x.jpg"), touch(tmp_path / "y.jpg")]
    out = tmp_path / "z.png"
    assert targets(photos, out) == [out / "x.png", out / "y.png"]


def test_a_folder_that_is_there_is_a_folder_whatever_its_suffix(tmp_path: Path) -> None:
    out = tmp_path / "z.png"
    out.mkdir()
    assert targets([touch(tmp_path / "x.jpg")], out) == [out / "x.png"]


def test_sub_folders_of_a_folder_are_kept(tmp_path: Path) -> None:
    for name in ("b.jpg", "a/x.jpg", "a/deep/x.jpg", "note.txt", ".hidden/x.jpg", ".meticulous/b.png"):
        touch(tmp_path / "in" / name)
    out = tmp_path / "out"
    assert targets([tmp_path / "in"], out) == [out / "b.png", out / "a/x.png", out / "a/deep/x.png"]


def test_results_inside_the_folder_of_photos_are_not_read_again(tmp_path: Path) -> None:
    touch(tmp_path / "in" / "x.jpg")
    touch(tmp_path / "in" / "out" / "x.png")
    assert targets([tmp_path / "in"], tmp_path / "in" / "out") == [tmp_path / "in" / "out" / "x.png"]


def test_cutouts_beside_their_photos_are_no_photos(tmp_path: Path) -> None:
    for name in ("dog.jpg", "dog-cutout.png", "sub/dog-cutout.png"):
        touch(tmp_path / "in" / name)
    out = tmp_path / "out"
    assert targets([tmp_path / "in"], out) == [out / "dog.png", out / "sub" / "dog-cutout.png"]
    named = [tmp_path / "in" / "dog-cutout.png"]
    assert targets(named, out) == [out / "dog-cutout.png"], "whoever names it means it"


def test_masks_in_a_folder_of_the_photos_are_no_photos(tmp_path: Path) -> None:
    photo, mask = touch(tmp_path / "in" / "x.jpg"), touch(tmp_path / "in" / "masks" / "x.png")
    touch(tmp_path / "in" / "x-cutout.png")
    plan = plan_pairs(photo.parent, mask.parent, tmp_path / "out", suffixes=PNG, photo_suffixes=PHOTOS)
    assert plan.tasks == (Task(photo, tmp_path / "out" / "x.png", mask),)
    assert plan.failures == ()


def test_a_file_named_twice_is_worked_on_once(tmp_path: Path) -> None:
    photo = touch(tmp_path / "x.jpg")
    found, failures = find_files([photo, tmp_path / "." / "x.jpg", tmp_path], PHOTOS)
    assert [item.path for item in found] == [photo]
    assert failures == []


def test_a_link_is_a_file_of_its_own_unless_it_has_the_name_of_what_it_leads_to(tmp_path: Path) -> None:
    photo = touch(tmp_path / "in" / "x.jpg")
    (tmp_path / "in" / "y.jpg").symlink_to(photo)
    (tmp_path / "chosen").mkdir()
    (tmp_path / "chosen" / "x.jpg").symlink_to(photo)
    out = tmp_path / "out"
    assert targets([tmp_path / "in", tmp_path / "chosen"], out) == [out / "x.png", out / "y.png"]
    for name in ("x.png", "y.png"):
        touch(tmp_path / "masks" / name)
    plan = plan_pairs(tmp_path / "in", tmp_path / "masks", out, suffixes=PNG, photo_suffixes=PHOTOS)
    assert [task.target for task in plan.tasks] == [out / "x.png", out / "y.png"]
    assert plan.failures == ()


def test_a_linked_folder_is_gone_through_once_whatever_it_leads_to(tmp_path: Path) -> None:
    for name in ("in/a/x.jpg", "elsewhere/y.jpg", "elsewhere/deep/z.jpg"):
        touch(tmp_path / name)
    (tmp_path / "in" / "1-again").symlink_to(tmp_path / "in" / "a")
    (tmp_path / "in" / "a" / "round").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "other").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "deep" / "round").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in" / "gone").symlink_to(tmp_path / "nowhere")
    out = tmp_path / "out"
    expected = [out / "a/x.png", out / "other/y.png", out / "other/deep/z.png"]
    assert targets([tmp_path / "in"], out) == expected


def test_a_folder_without_photos_is_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    plan = plan_outputs([tmp_path / "in"], tmp_path / "out", suffixes=PNG, photo_suffixes=PHOTOS)
    assert plan.tasks == ()
    ((path, sentence),) = plan.failures
    assert path == tmp_path / "in"
    assert "holds no photo" in sentence


def test_what_does_not_exist_is_said_before_any_work(tmp_path: Path) -> None:
    photo, gone = touch(tmp_path / "x.jpg"), tmp_path / "gone.jpg"
    plan = plan_outputs([photo, gone], tmp_path / "out", suffixes=PNG, photo_suffixes=PHOTOS)
    assert [task.source for task in plan.tasks] == [photo]
    assert plan.failures == ((gone, f"{gone} does not exist; check its name and folder."),)
    alone = plan_outputs([gone], tmp_path / "out.png", suffixes=PNG, photo_suffixes=PHOTOS)
    assert alone.tasks == ()
    masked = plan_pairs(photo, gone, tmp_path / "out.png", suffixes=PNG, photo_suffixes=PHOTOS)
    assert masked.tasks == ()
    assert masked.failures == ((photo, f"{gone} does not exist; check its name and folder."),)


def test_two_photos_with_one_target_are_refused(tmp_path: Path) -> None:
    photos = [touch(tmp_path / "a/x.jpg"), touch(tmp_path / "b/x.png")]
    with pytest.raises(UsageError, match=r"a/x\.jpg and .*b/x\.png would both write .*out/x\.png"):
        targets(photos, tmp_path / "out")


def test_a_result_that_would_replace_an_input_is_refused(tmp_path: Path) -> None:
    photo = touch(tmp_path / "x.png")
    with pytest.raises(UsageError, match=r"would replace .*x\.png, which is an input"):
        targets([photo], tmp_path)


def test_a_result_that_would_replace_an_input_by_way_of_a_link_is_refused(tmp_path: Path) -> None:
    photo = touch(tmp_path / "x.png")
    (tmp_path / "link.png").symlink_to(photo)
    with pytest.raises(UsageError, match="would replace"):
        targets([photo], tmp_path / "link.png")


def test_an_output_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    touch(tmp_path / "taken")
    with pytest.raises(UsageError, match="taken is a file, a folder is needed"):
        targets([touch(tmp_path / "x.jpg")], tmp_path / "taken" / "out")


def test_a_file_below_a_file_is_refused(tmp_path: Path) -> None:
    photo, taken = touch(tmp_path / "x.jpg"), touch(tmp_path / "taken")
    with pytest.raises(UsageError, match="taken is a file, a folder is needed"):
        targets([photo], taken / "x.png")
    with pytest.raises(UsageError, match="taken is a file, a folder is needed"):
        plan_pairs(photo, photo, taken / "x.png", suffixes=PNG, photo_suffixes=PHOTOS)


def test_a_folder_without_masks_is_said_once_not_for_each_photo(tmp_path: Path) -> None:
    photos = [touch(tmp_path / "photos" / name) for name in ("x.jpg", "y.jpg")]
    (tmp_path / "masks").mkdir()
    plan = plan_pairs(
        photos[0].parent, tmp_path / "masks", tmp_path / "out", suffixes=PNG, photo_suffixes=PHOTOS
    )
    assert [path for path, _ in plan.failures] == [tmp_path / "masks"]


def test_folders_are_paired_by_place_and_stem(tmp_path: Path) -> None:
    for name in ("photos/x.jpg", "photos/a/y.jpg", "photos/alone.jpg", "masks/x.png", "masks/a/y.png"):
        touch(tmp_path / name)
    plan = plan_pairs(
        tmp_path / "photos", tmp_path / "masks", tmp_path / "out", suffixes=PNG, photo_suffixes=PHOTOS
    )
    assert plan.tasks == (
        Task(tmp_path / "photos/x.jpg", tmp_path / "out/x.png", tmp_path / "masks/x.png"),
        Task(tmp_path / "photos/a/y.jpg", tmp_path / "out/a/y.png", tmp_path / "masks/a/y.png"),
    )
    assert [path for path, _ in plan.failures] == [tmp_path / "photos/alone.jpg"]
    assert plan.notes == ()


def test_masks_without_a_photo_are_said(tmp_path: Path) -> None:
    photos, masks = tmp_path / "photos", tmp_path / "masks"
    for name in ("photos/x.jpg", "masks/x.png", "masks/a/y.png"):
        touch(tmp_path / name)
    plan = plan_pairs(photos, masks, tmp_path / "out", suffixes=PNG, photo_suffixes=PHOTOS)
    assert plan.failures == ()
    assert plan.notes == (
        f"1 of 2 masks in {masks} have no partner in {photos} and are left out, such as {masks / 'a/y.png'}.",
    )


@pytest.mark.parametrize(
    "names", [("photos/x.jpg", "masks/x.png", "masks/x.jpg"), ("photos/x.jpg", "photos/x.png", "masks/x.png")]
)
def test_two_files_of_one_stem_have_no_partner_together(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        touch(tmp_path / name)
    with pytest.raises(UsageError, match="have the same stem"):
        plan_pairs(
            tmp_path / "photos", tmp_path / "masks", tmp_path / "o", suffixes=PNG, photo_suffixes=PHOTOS
        )


def test_a_file_with_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="two files or two folders"):
        plan_pairs(
            touch(tmp_path / "x.jpg"), tmp_path, tmp_path / "o.png", suffixes=PNG, photo_suffixes=PHOTOS
        )


def test_a_folder_that_is_not_there_is_no_file_with_a_folder(tmp_path: Path) -> None:
    gone = tmp_path / "maskz"
    for pair in ((tmp_path, gone), (gone, tmp_path)):
        with pytest.raises(UsageError, match="maskz does not exist"):
            plan_pairs(*pair, tmp_path / "o", suffixes=PNG, photo_suffixes=PHOTOS)


def test_a_mask_is_an_input_that_no_result_replaces(tmp_path: Path) -> None:
    task = Task(tmp_path / "x.jpg", tmp_path / "m.png", tmp_path / "m.png")
    with pytest.raises(UsageError, match=r"would replace .*m\.png"):
        refuse_collisions([task])


@pytest.mark.parametrize(("written_later", "expected"), [(True, True), (False, False)])
def test_a_result_is_kept_only_when_it_is_not_older_than_its_photo(
    tmp_path: Path, written_later: bool, expected: bool
) -> None:
    task = Task(touch(tmp_path / "x.jpg"), touch(tmp_path / "x.png"))
    os.utime(task.source, (1000, 1000))
    os.utime(task.target, (2000, 2000) if written_later else (500, 500))
    assert is_up_to_date(task) is expected


def test_a_result_is_made_again_when_its_mask_is_newer(tmp_path: Path) -> None:
    task = Task(touch(tmp_path / "x.jpg"), touch(tmp_path / "out.png"), touch(tmp_path / "x.png"))
    for path, when in ((task.source, 1000), (task.target, 2000), (task.mask, 3000)):
        assert path is not None
        os.utime(path, (when, when))
    assert not is_up_to_date(task)


def test_a_result_that_is_not_there_is_not_up_to_date(tmp_path: Path) -> None:
    assert not is_up_to_date(Task(touch(tmp_path / "x.jpg"), tmp_path / "x.png"))


def test_a_folder_in_the_place_of_a_result_is_not_up_to_date(tmp_path: Path) -> None:
    task = Task(touch(tmp_path / "x.jpg"), tmp_path / "x.png")
    task.target.mkdir()
    assert not is_up_to_date(task)
