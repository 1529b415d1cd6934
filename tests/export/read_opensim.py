"""Reads back what the export wrote for OpenSim."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from coach.export.opensim import Motion


def read_trc(path: Path) -> Motion:
    """Markers of a .trc file, in metres."""
    lines = path.read_text(encoding="utf-8").splitlines()
    factor = {"m": 1.0, "mm": 1e-3}[lines[2].split("\t")[4]]
    names = tuple(name for name in lines[3].split("\t")[2:] if name)
    rows = [line.split("\t") for line in lines[5:] if line]
    table = np.array(rows, np.float64).reshape(-1, 2 + 3 * len(names))
    return Motion(table[:, 1], names, table[:, 2:].reshape(len(table), len(names), 3) * factor)


def read_mot(path: Path) -> Motion:
    """Columns of a .mot file; angles in degrees."""
    lines = path.read_text(encoding="utf-8").splitlines()
    end = lines.index("endheader")
    names = tuple(lines[end + 1].split("\t"))
    table = np.array([line.split("\t") for line in lines[end + 2 :]], np.float64).reshape(-1, len(names))
    return Motion(table[:, 0], names[1:], table[:, 1:])
