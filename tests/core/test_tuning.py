"""What a process sets once is really set; in processes of their own, for nothing of it can be taken back."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from meticulous_gui.core.photo import load_photo
from meticulous_gui.core.tuning import step_back
from tests.ui.fakes import make_photo

KEEPS = """
import resource
from meticulous_gui.core.tuning import keep_freed_memory
if {keeps}:
    keep_freed_memory()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def use():
    blocks = [bytearray(20 << 20) for _ in range(8)]
    del blocks
use()
use()
before = faults()
use()
print(faults() - before)
"""

ENVIRONMENT = """
import gc, os
from meticulous_gui.core.tuning import collect_seldom, forget_old_sizes, spin_briefly
collect_seldom()
spin_briefly()
forget_old_sizes()
print(gc.get_threshold()[0] > 10_000, gc.isenabled())
names = "OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "ONEDNN_PRIMITIVE_CACHE_CAPACITY"
print(*(os.environ[name] for name in names))
"""


def said_by(program: str, **environment: str) -> str:
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "GOMP_", "ONEDNN_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**own, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_threads_make_way_for_the_window_within_a_tenth_of_a_millisecond() -> None:
    program = "import sys; from meticulous_gui.core.tuning import give_way_soon; give_way_soon(); print({})"
    assert said_by(program.format("round(sys.getswitchinterval() * 1e6)")) == "100"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's memory")
def test_freed_memory_is_not_fetched_again() -> None:
    n_pages = 8 * (20 << 20) // os.sysconf("SC_PAGE_SIZE")
    assert int(said_by(KEEPS.format(keeps=True))) < n_pages / 100


def test_threads_spin_briefly_and_garbage_is_still_collected() -> None:
    assert said_by(ENVIRONMENT) == "True True\nPASSIVE 5000 400"


def test_what_the_person_has_set_for_threads_stays() -> None:
    said = said_by(
        ENVIRONMENT, OMP_WAIT_POLICY="ACTIVE", GOMP_SPINCOUNT="7", ONEDNN_PRIMITIVE_CACHE_CAPACITY="9"
    )
    assert said == "True True\nACTIVE 7 9"


def test_a_thread_works_on_where_a_sandbox_forbids_to_step_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_place: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse, raising=False)
    with ThreadPoolExecutor(1, initializer=step_back) as executor:
        assert executor.submit(lambda: 7).result() == 7


def test_a_thread_that_stepped_back_lets_others_in_while_it_reads_a_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_photo(tmp_path / "a.png", (400, 30))
    rests: list[float] = []
    monkeypatch.setattr(time, "sleep", rests.append)
    here = load_photo(tmp_path / "a.png")
    assert not rests, "a person waits for this one"
    with ThreadPoolExecutor(1, initializer=step_back) as executor:
        there = executor.submit(load_photo, tmp_path / "a.png").result()
    assert len(rests) > 10
    np.testing.assert_array_equal(there.rgb, here.rgb)
