"""Train MOS_H: a patch and a wrong mask of it in, the right mask out.

Run as ``python -m training.mos_h.train --data FOLDER --out RUN --minutes 60 --encoder-weights FILE``.
"""

from __future__ import annotations

import argparse

import torch

from meticulous_gui.core.tuning import keep_freed_memory
from training.common import loop
from training.common.command import run_command
from training.common.config import RunConfig, add_arguments, run_config
from training.common.networks import add_network_arguments, build_network
from training.common.refine_task import RefineTask, add_task_arguments, open_task


def main(arguments: list[str] | None = None) -> None:
    """Parse the options, build the network and train it."""
    parser = argparse.ArgumentParser(prog="python -m training.mos_h.train", description=__doc__)
    add_arguments(parser, RunConfig(out="", sizes="160"))
    add_task_arguments(parser)
    add_network_arguments(parser)
    options = parser.parse_args(arguments)
    config = run_config(options)
    keep_freed_memory(of_any_size=True)
    torch.manual_seed(config.seed)
    network, facts = build_network("mos_h", options)
    task = RefineTask(*open_task(options, config, facts), device=config.device)
    loop.train(network, task, config, is_resuming=options.resume, facts=facts)


if __name__ == "__main__":
    run_command(main)
