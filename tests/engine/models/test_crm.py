from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from meticulous_gui.engine.models import build
from meticulous_gui.engine.models.crm import FEATURES, HIDDEN, LOGIT_LIMIT, CrmConfig, CrmNet, pixel_places

Modes = pytest.mark.parametrize("mode", ["recommended", "exact"])


def _network(mode: str, *, seed: int = 0, has_answer: bool = True) -> CrmNet:
    torch.manual_seed(seed)
    network = CrmNet(CrmConfig(mode)).eval()  # type: ignore[arg-type]
    if has_answer:  # the recommended mode starts as the identity, which would hide every difference
        nn.init.normal_(network.last.weight, std=0.3)
        for module in network.modules():
            if isinstance(module, nn.Conv2d):  # else what is far away fades on its own within a few layers
                nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity="relu")
    return network


def _slow_query(network: CrmNet, features: Tensor, at_yx: Tensor, cell_yx: Tensor) -> Tensor:
    """The implicit function as it is defined: the whole first layer for every query and neighbour."""
    answer = torch.zeros(at_yx.shape[:2])
    for index, weight in network._neighbours(at_yx, (features.shape[-2], features.shape[-1])):
        feature = torch.stack(
            [features[b][:, index[b, :, 0], index[b, :, 1]].t() for b in range(features.shape[0])]
        )
        coordinates = network._coordinates(at_yx, index, cell_yx, features.shape[-2:])
        x = network.first(torch.cat([feature, coordinates], dim=-1))
        answer += weight * network._rest(x)
    return answer


@pytest.mark.parametrize(
    ("mode", "encoder", "n_all", "n_mlp"),
    [
        ("recommended", "mobilenet_v2_deeplab_voc", 638_593, 11_553),
        ("exact", "mobilenet_v2_deeplab_voc", None, 11_617),
        ("exact", "resnet50v2", 9_297_513, 11_617),
    ],
)
def test_sizes_are_those_of_the_paper_and_the_fact_sheet(
    mode: str, encoder: str, n_all: int | None, n_mlp: int
) -> None:
    network = build("crm", {"mode": mode, "encoder": encoder})
    parts = {name: p.numel() for name, p in network.named_parameters()}
    assert sum(n for name, n in parts.items() if name.split(".")[0] in ("first", "middle", "last")) == n_mlp
    if n_all is not None:
        assert sum(parts.values()) == n_all


@Modes
@pytest.mark.parametrize("value", [0.0, 1.0, None])
def test_every_output_is_finite_and_has_the_size_of_the_input(mode: str, value: float | None) -> None:
    rgb = torch.rand(2, 3, 64, 96) if value is None else torch.full((2, 3, 64, 96), value)
    with torch.no_grad():
        answer = _network(mode)(rgb, torch.randn(2, 1, 64, 96))
    assert answer.shape == (2, 1, 64, 96)
    assert bool(answer.isfinite().all())


@Modes
def test_the_factored_first_layer_gives_the_same_numbers(mode: str) -> None:
    network = _network(mode)
    features = torch.rand(1, FEATURES, 28, 28)
    free = torch.rand(1, 1000, 2) * 27.9
    for at_yx in (pixel_places((56, 56)).unsqueeze(0), free):
        cell_yx = torch.tensor([0.25, 0.125])
        with torch.no_grad():
            fast = network.query(network.projected(features), at_yx, cell_yx)
            slow = _slow_query(network, features, at_yx, cell_yx)
        assert float((fast - slow).abs().max()) <= 1e-5


def _pass_through(network: CrmNet) -> None:
    """Make the MLP return the first feature as it is (features are not negative)."""
    for layer in (network.first, *network.middle, network.last):
        assert isinstance(layer, nn.Linear)
        nn.init.zeros_(layer.weight)
        nn.init.zeros_(layer.bias)
        layer.weight.data[0, 0] = 1.0


@pytest.mark.parametrize(("low", "high"), [((7, 9), (28, 36)), ((7, 9), (25, 31)), ((7, 9), (7, 9))])
def test_a_pass_through_function_enlarges_bilinearly(low: tuple[int, int], high: tuple[int, int]) -> None:
    network = _network("recommended")
    _pass_through(network)
    projected = torch.zeros(1, HIDDEN, *low)
    projected[:, 0] = torch.rand(low)
    rows = (torch.arange(high[0]) + 0.5) * (low[0] / high[0]) - 0.5
    columns = (torch.arange(high[1]) + 0.5) * (low[1] / high[1]) - 0.5
    at_yx = torch.stack(torch.meshgrid(rows, columns, indexing="ij"), dim=-1).view(1, -1, 2)
    with torch.no_grad():
        found = network.query(projected, at_yx, torch.tensor([low[0] / high[0], low[1] / high[1]]))
    wanted = F.interpolate(projected[:, :1], size=high, mode="bilinear", align_corners=False)
    assert float((found.view(high) - wanted[0, 0]).abs().max()) <= 5e-6


def test_it_starts_by_leaving_the_mask_alone() -> None:
    network = _network("recommended", has_answer=False)
    logits = 3 * torch.randn(1, 1, 64, 64)
    with torch.no_grad():
        answer = network(torch.rand(1, 3, 64, 64), logits)
    assert float((answer - logits.clamp(-LOGIT_LIMIT, LOGIT_LIMIT)).abs().max()) <= 1e-6


def _tile(size: int, start: int, length: int, halo: int) -> tuple[slice, slice]:
    """Return where a tile with its halo lies, and its core inside of it."""
    low, high = max(0, start - halo), min(size, start + length + halo)
    return slice(low, high), slice(start - low, start - low + length)


@pytest.mark.parametrize("halo", [144, 16])
@pytest.mark.parametrize("size_hw", [(48, 640), (640, 48)])  # thin: the reach along each axis by itself
def test_tiles_with_the_exact_halo_equal_the_whole(size_hw: tuple[int, int], halo: int) -> None:
    network = _network("recommended", seed=3)
    core = 160
    rgb, logits = torch.rand(1, 3, *size_hw), torch.randn(1, 1, *size_hw)
    with torch.no_grad():
        whole = torch.sigmoid(network(rgb, logits))
        worst = 0.0
        for top in range(0, size_hw[0], core):
            for left in range(0, size_hw[1], core):
                rows, in_rows = _tile(size_hw[0], top, core, halo)
                columns, in_columns = _tile(size_hw[1], left, core, halo)
                part = torch.sigmoid(network(rgb[..., rows, columns], logits[..., rows, columns]))
                wanted = whole[..., top : top + core, left : left + core]
                worst = max(worst, float((part[..., in_rows, in_columns] - wanted).abs().max()))
    if halo == 144:
        assert worst <= 1e-5
    else:
        assert worst > 1e-5  # so the halo is what makes them equal


@pytest.mark.parametrize(("mode", "is_shifting"), [("recommended", True), ("exact", False)])
@pytest.mark.parametrize(("size_hw", "by"), [((48, 448), (0, 48)), ((448, 48), (16, 0))])
def test_what_moves_is_found_where_it_went_unless_the_place_itself_counts(
    mode: str, is_shifting: bool, size_hw: tuple[int, int], by: tuple[int, int]
) -> None:
    network = _network(mode, seed=1)
    if mode == "exact":
        network.first.weight.data[:, FEATURES + 2 : FEATURES + 4] = 1.0
    rgb, logits = torch.full((1, 3, *size_hw), 0.4), torch.full((1, 1, *size_hw), -3.0)
    thing = tuple(slice(170, 240) if side > 48 else slice(8, 40) for side in size_hw)
    rgb[..., thing[0], thing[1]] = torch.rand_like(rgb[..., thing[0], thing[1]])
    logits[..., thing[0], thing[1]] = torch.randn_like(logits[..., thing[0], thing[1]])
    with torch.no_grad():
        before = torch.sigmoid(network(rgb, logits))
        after = torch.sigmoid(network(rgb.roll(by, (2, 3)), logits.roll(by, (2, 3))))
    inner = tuple(
        slice(160, side - 160 - step) if step else slice(None) for side, step in zip(size_hw, by, strict=True)
    )
    moved = after.roll((-by[0], -by[1]), (2, 3))
    difference = float((before - moved)[..., inner[0], inner[1]].abs().max())
    assert (difference <= 1e-4) is is_shifting


def test_sides_that_do_not_divide_are_refused() -> None:
    with pytest.raises(ValueError, match="multiples of 8, got 60 x 64"):
        _network("recommended")(torch.rand(1, 3, 60, 64), torch.zeros(1, 1, 60, 64))


def test_unknown_options_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown options of CRM: depth"):
        CrmConfig.from_options({"depth": 3})
