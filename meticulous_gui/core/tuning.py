"""What a process of this program sets once, before torch or Qt load, so that it wastes less time."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import sys
import threading
import time

__all__ = [
    "collect_seldom",
    "draw_alone",
    "forget_old_sizes",
    "give_way_soon",
    "keep_freed_memory",
    "let_others_in",
    "spin_briefly",
    "step_back",
]

_THRESHOLDS = (50_000, 20, 100)
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_MMAP_MAX = -1, -3, -4  # names of malloc.h
_LARGEST_KEPT = 32 << 20  # glibc takes no more
_KEPT_IN_ALL = 512 << 20
_EVERYTHING = 2**31 - 1
_SWITCH_S = 0.0001
_MORE_NICENESS = 10
_BREATH_S = 0.0003

_manners = threading.local()


def collect_seldom() -> None:
    """Look for cycles of garbage less often than Python's default.

    Behind the hundred thousands of objects that torch and Qt bring, one full search takes 90 ms: several
    while the program starts, and each later one a frame that comes late.
    """
    gc.set_threshold(*_THRESHOLDS)


def give_way_soon() -> None:
    """Let a thread that runs Python code make way for one that waits within a tenth of a millisecond.

    The window's thread lets go of Python's lock whenever it calls Qt or OpenCV, a dozen times for one dab of
    the brush. While another thread reads a photo or keeps unsaved work, each of these calls could cost it
    Python's usual five milliseconds.
    """
    sys.setswitchinterval(_SWITCH_S)


def draw_alone() -> None:
    """Let Qt draw in the thread that asks it to, before there is a QApplication.

    Else it shares out even the brush's ring, a dozen pieces of some microseconds for each of its moves,
    and waits for threads that a busy machine lets run a few milliseconds later. What the person's environment
    says stays.
    """
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")


def keep_freed_memory(*, of_any_size: bool = False) -> None:
    """Tell glibc, where it is what we run on, to keep freed memory for the next request.

    A network frees and asks for the same blocks again and again; given back to the system and asked for anew,
    every page costs a fault (measured on a CPU: a sixth to a third of the time of a forward pass or a
    training step).

    Args:
        of_any_size: also blocks of more than 32 MB, as training asks for; photos are better given back.
    """
    if not _is_glibc():
        return
    libc = ctypes.CDLL(None)
    if of_any_size:
        libc.mallopt(_M_TRIM_THRESHOLD, _EVERYTHING)
        libc.mallopt(_M_MMAP_MAX, 0)
    else:
        libc.mallopt(_M_TRIM_THRESHOLD, _KEPT_IN_ALL)
        libc.mallopt(_M_MMAP_THRESHOLD, _LARGEST_KEPT)


def spin_briefly() -> None:
    """Let OpenMP's threads spin for microseconds when they wait, and then sleep.

    Threads that spin for long make a busy machine nine times slower; threads that sleep at once need a fifth
    more time for a network of many small layers. What the person's environment says stays.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "5000")


def forget_old_sizes() -> None:
    """Let oneDNN, before torch loads, keep the code of fewer layers: it compiles each for each size of input.

    The crop of the near look has another size for nearly every photo. With 1,024 layers, its own default, the
    networks' process held 698 MB of its own after 160 photos, with these 541 MB, and a photo took no longer:
    it asks for a few hundred. What the person's environment says stays.
    """
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "400")


def step_back() -> None:
    """Make this thread wait for all others; only Linux gives threads a niceness of their own.

    Else what nobody waits for, such as the next photo being read, keeps the hand waiting for the rest of its
    time on a core, four milliseconds at once. There is no way back: for threads that do nothing else.
    """
    _manners.steps_back = True
    if sys.platform == "linux":
        with contextlib.suppress(PermissionError):  # of a sandbox; it is only comfort
            thread = threading.get_native_id()
            niceness = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, niceness + _MORE_NICENESS)  # Linux stops at 19


def let_others_in() -> None:
    """Let go of Python's lock for a moment in a thread that has stepped back; nothing in any other.

    For loops whose turns hold the lock, such as Pillow's copies: one move of the brush asks for it a dozen
    times, and met a turn of 0.13 ms each time.
    """
    if getattr(_manners, "steps_back", False):
        time.sleep(_BREATH_S)


def _is_glibc() -> bool:
    try:
        return (os.confstr("CS_GNU_LIBC_VERSION") or "").startswith("glibc")
    except (AttributeError, ValueError):  # Windows has no confstr, macOS not this name
        return False
