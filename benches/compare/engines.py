"""First passages as a quant would write them: out[leverage, entry] is a bar, or -1 for none.

`passage` is (level, start, entry): with leverage L, entry i asks for the first bar j of i and the
`horizon` - 1 bars after it with level[j] <= start[i] - entry[i] / L. A short's are upside down.
"""

from typing import Callable

import numpy as np
from numba import njit
from numpy import ndarray
from question import Passage

Leverages = tuple[float, ...]


@njit(error_model="numpy")
def bisect(value: ndarray, low: int, high: int, _: int, barrier: float) -> int:
    """The nearest of the records low..high at or below the barrier; the one at `low` is."""
    size = high - low
    while size > 1:
        half = size >> 1
        low = low + half if value[low + half] <= barrier else low
        size -= half
    return low


@njit(error_model="numpy")
def walk(value: ndarray, low: int, high: int, before: int, barrier: float) -> int:
    """The same, from the record of the entry before: opens move little from bar to bar."""
    place = min(max(before, low), high - 1)
    while place + 1 < high and value[place + 1] <= barrier:
        place += 1
    while value[place] > barrier:
        place -= 1
    return place


@njit(error_model="numpy")
def stack(search: Callable[..., int], reach: int, passage: Passage, leverages: Leverages,
          horizon: int, entries: ndarray, out: ndarray) -> None:
    """Every entry, from the last bar back, with the suffix record lows on a stack, nearest on top.

    Records `reach` bars ahead leave it at the bottom. Leverages ascend: where the lowest record is
    above one barrier it is above the next, and none nearer than the one found is below the next.
    """
    level, start, entry = passage
    value, bar = np.empty(len(level)), np.empty(len(level), np.int32)
    at = np.zeros(len(leverages), np.int64)
    low = top = 0
    for i in range(len(level) - 1, -1, -1):
        while top > low and value[top - 1] >= level[i]:
            top -= 1
        value[top], bar[top] = level[i], i
        high = top = top + 1
        if bar[low] >= i + reach:
            low += 1
        if i >= len(entries):
            continue
        for which in range(len(leverages) - 1, -1, -1):
            barrier = start[i] - entry[i] / leverages[which]
            if value[low] > barrier:
                for rest in range(which + 1):
                    out[rest, i] = -1
                break
            at[which] = search(value, low, high, at[which], barrier)
            high = at[which] + 1
            found = bar[at[which]]
            out[which, i] = found if found < i + horizon else -1


@njit(error_model="numpy")
def loop(passage: Passage, leverages: Leverages, horizon: int, entries: ndarray,
         out: ndarray) -> None:
    """Bar after bar."""
    level, start, entry = passage
    for which in range(len(leverages)):
        for place, i in enumerate(entries):
            barrier, j = start[i] - entry[i] / leverages[which], i
            while j < i + horizon and level[j] > barrier:
                j += 1
            out[which, place] = j if j < i + horizon else -1


def windows(passage: Passage, leverages: Leverages, horizon: int, entries: ndarray,
            out: ndarray) -> None:
    """One comparison of a whole window with the barriers of all leverages."""
    level, start, entry = passage
    barriers = start[entries] - entry[entries] / np.array(leverages)[:, None]
    for place, i in enumerate(entries):
        hit = level[i : i + horizon] <= barriers[:, place, None]
        out[:, place] = np.where(hit.any(axis=1), i + hit.argmax(axis=1), -1)
