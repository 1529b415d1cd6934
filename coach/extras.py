"""What is installed only where it is wanted, and the command that adds it to this very installation."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

Find = Callable[[str], object]

# What each is for, and the modules it needs.
EXTRAS = {
    "web": ("the page in a browser, 'coach web'", ("starlette", "uvicorn", "websockets")),
    "voice": ("spoken cues in the window", ("pyttsx3",)),
    "phone": ("a phone as the camera, 'coach web --phone'", ("segno", "cryptography")),
    "parquet": ("'--export parquet'", ("pyarrow",)),
    "pandas": ("DataFrames from Python", ("pandas",)),
    "c3d": ("'--export c3d'", ("ezc3d",)),
    "pdf": ("'--pdf' without a browser", ("weasyprint",)),
    "cluster": ("'coach batch --scheduler'", ("distributed", "fsspec")),
}


def missing_modules(name: str, find: Find = importlib.util.find_spec) -> list[str]:
    """The modules of an extra that are not installed."""
    return [module for module in EXTRAS[name][1] if not _is_there(module, find)]


def install_extra(*names: str, prefix: Path | None = None, root: Path | None = None) -> str:
    """The command that adds extras to this very installation: pipx, uv tool, a checkout or a plain environment."""
    if getattr(sys, "frozen", False):
        return "This application does not include it: use the coach from a Python environment"
    prefix = prefix or Path(sys.prefix)
    root = root or Path(__file__).resolve().parents[1]
    modules, extras = [module for name in names for module in EXTRAS[name][1]], f"[{','.join(names)}]"
    if "pipx" in prefix.parts:
        return f"Run: pipx inject exercise-coach {' '.join(modules)}"
    if {"uv", "tools"} <= set(prefix.parts):
        return f"Run: uv tool install --with '{','.join(modules)}' exercise-coach"
    if (root / "pyproject.toml").is_file():
        return f"Run: {_command(sys.executable, '-m', 'pip', 'install', '-e', str(root) + extras)}"
    return f"Run: {_command(sys.executable, '-m', 'pip', 'install', 'exercise-coach' + extras)}"


def _command(*words: str) -> str:
    """As this system's command line takes them."""
    import shlex  # not at the start of every command
    import subprocess

    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def _is_there(module: str, find: Find) -> bool:
    try:
        return find(module) is not None
    except (ImportError, ValueError, AttributeError):  # half uninstalled
        return False
