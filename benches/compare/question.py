"""The exported question: its series, its barriers, and what its answers add up to."""

import json
from decimal import Decimal
from pathlib import Path

import numpy as np

# Series are counted in 1e-8 of a price step. With rates of at most eight decimals every value is
# then a whole number that a float holds exactly, and a tie at the barrier is a tie.
UNIT = 10**8
SIDES = {"long": 1, "short": -1}

Passage = tuple[np.ndarray, np.ndarray, np.ndarray]
Tally = dict[tuple[str, float], dict[str, int]]


class Question:
    """What `question.json` and the raw little-endian files beside it hold."""

    def __init__(self, folder: Path) -> None:
        stated = json.loads((folder / "question.json").read_text())
        self.bars, self.horizon = stated["bars"], stated["horizon"]
        self.leverages = tuple(map(float, sorted(stated["leverages"])))
        self.maintenance = Decimal(stated["maintenance"])
        self.value = int(Decimal(stated["notional"]).scaleb(stated["price_decimals"]) * UNIT)
        types = {"open": "i64", "low": "i64", "high": "i64", "paid": "f64", "before": "f64"}
        read = {name: np.fromfile(folder / f"{name}.{suffix}", f"<{suffix[0]}8")
                for name, suffix in types.items()}
        self.units = {name: np.rint(values * float(UNIT)) for name, values in read.items()}
        for name, values in self.units.items():
            if len(values) != self.bars or np.abs(values).max() >= 2**51:
                raise SystemExit(f"{name} in {folder}: not {self.bars} values exact in floats")
        self.entries = np.arange(self.bars - self.horizon + 1)

    def passage(self, side: str, case: str) -> Passage:
        """±((1 ∓ m) extreme - F_j), ±(EP - F_i) and EP, in units, the upper sign for longs."""
        sign, funded = SIDES[side], float(case == "funding")
        entry, paid, before = (self.units[name] for name in ("open", "paid", "before"))
        extreme = self.units["low" if side == "long" else "high"]
        kept = extreme / UNIT * float(UNIT * (1 - sign * self.maintenance))
        return sign * (kept - funded * paid), sign * (entry - funded * before), entry

    def lots(self, passage: Passage) -> Passage:
        """The same for whole lots of 1e-8: q = floor(N / EP) with a margin of N / L.

        A unit then has a margin of (N / q) / L, a little more than EP / L, and survives a tie.
        """
        level, start, entry = passage
        quantity = self.value // (entry / UNIT).astype(np.int64)
        return level, start, self.value / quantity * UNIT

    def blank(self, entries: np.ndarray) -> np.ndarray:
        """Room for out[side, leverage, entry]."""
        return np.zeros((len(SIDES), len(self.leverages), len(entries)), np.int32)

    def tally(self, out: np.ndarray, entries: np.ndarray) -> Tally:
        """Positions liquidated and the bars that they lived, of out[side, leverage, entry]."""
        lived = np.where(out >= 0, out - entries + 1, 0)
        return {(side, leverage): {"liquidated": np.count_nonzero(bars), "bars": int(bars.sum())}
                for side, rows in zip(SIDES, lived) for leverage, bars in zip(self.leverages, rows)}
