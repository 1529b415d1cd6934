"""The sample clips that come with the coach."""

from __future__ import annotations

from pathlib import Path

from coach.errors import SourceNotFoundError
from coach.toml import shipped_folder


def sample_clips() -> list[Path]:
    """Every sample clip, sorted by name. Raises SourceNotFoundError if they are not installed."""
    clips = sorted(shipped_folder("samples").glob("*.mp4"))
    if not clips:
        raise SourceNotFoundError("the sample clips are not installed", "Name a video of your own instead")
    return clips


def sample_clip(name: str) -> Path:
    """One sample clip by its file name. Raises SourceNotFoundError."""
    clip = shipped_folder("samples") / name
    if not clip.is_file():
        raise SourceNotFoundError(f"the sample clip {name} is not installed", "Name a video of your own instead")
    return clip
