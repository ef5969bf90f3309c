"""MeticulousNet: structure, number of points, gradients, and what holds at initialisation."""

from __future__ import annotations

from dataclasses import asdict

import pytest
import torch
from torch import Tensor, nn

from meticulous_gui.engine.models import MosConfig, MosH, MosL, MosLConfig, build
from meticulous_gui.engine.models.meticulous import BLOCK_NAMES, MosOutput
from training.common.losses import mos_loss

GRIDS_336 = (84, 84, 84, 168, 84, 168, 336)
POINTS_336 = (705, 705, 705, 2822, 705, 2822, 11289)
POINTS_224 = (313, 313, 313, 1254, 313, 1254, 5017)
RANDOM_336 = (176, 176, 176, 705, 176, 705, 2822)
RANDOM_224 = (78, 78, 78, 313, 78, 313, 1254)


def n_parameters(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def small_network() -> MosL:
    torch.manual_seed(0)
    return MosL(MosLConfig(width8=32, width4=24, width2=16))


def test_seven_blocks_have_the_published_grids() -> None:
    output = small_network().eval()(torch.rand(1, 3, 336, 336))
    assert len(BLOCK_NAMES) == len(output.refined) == 7
    assert tuple(logits.shape[-1] for logits in output.refined) == GRIDS_336
    assert [merged.shape for merged in output.coarse] == [logits.shape for logits in output.refined]
    assert output.logits is output.refined[-1]


@pytest.mark.parametrize(("side_px", "expected"), [(336, POINTS_336), (224, POINTS_224)])
def test_a_tenth_of_the_cells_is_refined_and_all_others_keep_their_logit(
    side_px: int, expected: tuple[int, ...]
) -> None:
    network = small_network().eval()
    nn.init.normal_(network.point.last.weight, std=5.0)
    with torch.no_grad():
        output = network(torch.rand(2, 3, side_px, side_px))
    for merged, logits, chosen, count in zip(
        output.coarse, output.refined, output.chosen, expected, strict=True
    ):
        assert chosen.shape == (2, count)
        for row in range(2):
            assert chosen[row].unique().numel() == count
            kept = torch.ones(merged[row].numel(), dtype=torch.bool)
            kept[chosen[row]] = False
            assert torch.equal(merged[row].flatten()[kept], logits[row].flatten()[kept])
            assert not torch.equal(merged[row].flatten()[~kept], logits[row].flatten()[~kept])


@pytest.mark.parametrize(
    ("side_px", "refined", "random"), [(336, POINTS_336, RANDOM_336), (224, POINTS_224, RANDOM_224)]
)
def test_training_adds_a_quarter_of_random_cells_without_repetition(
    side_px: int, refined: tuple[int, ...], random: tuple[int, ...]
) -> None:
    output = small_network().train()(torch.rand(2, 3, side_px, side_px))
    for chosen, count, others in zip(output.chosen, refined, random, strict=True):
        assert chosen.shape == (2, count + others)
        assert all(row.unique().numel() == count + others for row in chosen)


def test_the_published_structure_has_its_published_size() -> None:
    published = MosConfig(
        encoder="resnet50v2", blocks="dense", width8=256, width4=128, width2=64, point_hidden=256
    )
    assert 45.0e6 <= n_parameters(build("mos_l", asdict(published))) <= 46.5e6


def test_the_mobile_builds_have_the_sizes_that_their_files_are_planned_for() -> None:
    # 2 bytes a parameter: 4.2 MB for MOS_L.
    assert n_parameters(build("mos_l", {})) == 2_084_845
    # A fourth channel costs 9 weights for each of the 32 stem filters and the 8 of the full-resolution stem.
    assert n_parameters(build("mos_h", {})) == 2_084_845 + 9 * (32 + 8)


@pytest.mark.parametrize("encoder", ["mobilenet_v2", "efficientnet_lite0"])
def test_every_output_is_finite_for_black_white_and_noise(encoder: str) -> None:
    torch.manual_seed(0)
    network = build("mos_h", {"encoder": encoder, "width8": 32, "width4": 24, "width2": 16}).eval()
    pictures = torch.stack([torch.zeros(3, 96, 96), torch.ones(3, 96, 96), torch.rand(3, 96, 96)])
    for precision in (torch.float32, torch.bfloat16):
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=precision is torch.bfloat16):
            output = network(pictures, torch.full((3, 1, 96, 96), 9.0))
        assert all(bool(logits.isfinite().all()) for logits in output.refined)


def test_sides_that_do_not_divide_by_16_are_refused_with_the_size() -> None:
    with pytest.raises(ValueError, match="100 x 96"):
        small_network()(torch.rand(1, 3, 100, 96))


def test_unknown_architecture_and_option_are_named() -> None:
    with pytest.raises(ValueError, match="no_such_net"):
        build("no_such_net", {})
    with pytest.raises(ValueError, match="no_such_option"):
        build("mos_l", {"no_such_option": 1})
    with pytest.raises(ValueError, match="unknown options of MeticulousNet: second"):
        build("mos_h", {"second": {}})


def test_the_gradient_reaches_the_heads_where_points_were_refined() -> None:
    torch.manual_seed(0)
    network = MosL(MosLConfig()).train()
    coarse: list[Tensor] = []

    output = network(torch.rand(2, 3, 96, 96))
    for merged in output.coarse:
        merged.retain_grad()
        coarse.append(merged)
    target = torch.zeros(2, 1, 96, 96)
    target[:, :, 20:70, 30:80] = 1
    loss, _ = mos_loss(output, target, torch.ones_like(target))
    loss.backward()
    for merged, chosen in zip(coarse, output.chosen, strict=True):
        assert merged.grad is not None
        gradient = merged.grad.flatten(1).abs()
        is_chosen = torch.zeros_like(gradient, dtype=torch.bool).scatter(1, chosen, True)
        assert gradient[is_chosen].mean() >= 0.1 * gradient[~is_chosen].mean()
    for head in (network.head_deep, network.head8, network.head4, network.head2):
        for name, parameter in head.named_parameters():
            assert parameter.grad is not None, name
            assert bool((parameter.grad != 0).any()), name


def test_mos_h_starts_as_the_identity_on_its_mask() -> None:
    torch.manual_seed(0)
    network = MosH(MosConfig(is_deep=False)).eval()
    logits = torch.randn(2, 1, 224, 224) * 3
    with torch.no_grad():
        output: MosOutput = network(torch.rand(2, 3, 224, 224), logits)
    assert torch.allclose(output.logits, logits.clamp(-4, 4), atol=1e-6)
    for merged, refined in zip(output.coarse, output.refined, strict=True):
        assert torch.equal(merged, refined)


def test_each_block_of_mos_l_starts_as_the_identity_on_its_merged_logit() -> None:
    with torch.no_grad():
        output = small_network().eval()(torch.rand(1, 3, 96, 96))
    for merged, refined in zip(output.coarse, output.refined, strict=True):
        assert torch.equal(merged, refined)


def test_two_runs_give_the_same_bytes() -> None:
    network = small_network().eval()
    picture = torch.rand(1, 3, 96, 96)
    with torch.no_grad():
        first, second = network(picture), network(picture)
    assert torch.equal(first.logits, second.logits)


def test_feedback_can_be_switched_off_and_changes_the_answer() -> None:
    torch.manual_seed(0)
    with_feedback = MosL(MosLConfig(width8=32, width4=24, width2=16)).eval()
    without = MosL(MosLConfig(width8=32, width4=24, width2=16, has_feedback=False)).eval()
    without.load_state_dict(with_feedback.state_dict())
    picture = torch.rand(1, 3, 96, 96)
    with torch.no_grad():
        assert not torch.equal(with_feedback(picture).logits, without(picture).logits)
