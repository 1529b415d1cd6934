"""Loads what is slow the first time, so that nothing stalls during exercise."""

from __future__ import annotations

import threading

import numpy as np

from coach.judging.breath_cycles import RATE_HZ
from coach.judging.respiration import read_breaths
from coach.perception.trunk_flow import GRID

SPAN_S = 12.0


def warm_up() -> threading.Thread:
    """Load in the background what the first breath of a hold would otherwise load.

    The set-up takes longer than that. Returns the thread, for callers that want to wait for it.
    """
    thread = threading.Thread(target=_breathe, name="warm-up", daemon=True)
    thread.start()
    return thread


def _breathe() -> None:
    """Read breathing from an evenly moving chest: every function that it needs runs once, and OpenCV's flow."""
    import cv2

    t_s = np.arange(0, SPAN_S, 1 / RATE_HZ)
    swing = 0.2 * np.sin(2 * np.pi * 0.25 * t_s)
    motion = swing[:, None, None, None] * np.linspace(0.5, 1.0, GRID[0] * GRID[1] * 2).reshape(*GRID, 2)
    read_breaths(t_s, motion)
    grey = np.zeros((GRID[0] * 8, GRID[1] * 8), np.uint8)
    cv2.calcOpticalFlowFarneback(grey, grey, np.zeros((*grey.shape, 2), np.float32), 0.5, 3, 15, 3, 5, 1.2, 0)
