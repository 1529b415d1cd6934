"""What a Python package needs from the system: the package that contains it, and the command that installs it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping

Which = Callable[[str], str | None]

# The package managers that are known, and how each installs a package. The first one that is there is used.
MANAGERS = {
    "apt-get": "sudo apt install {}",
    "dnf": "sudo dnf install {}",
    "zypper": "sudo zypper install {}",
    "pacman": "sudo pacman -S {}",
    "brew": "brew install {}",
    "winget": "winget install {}",
}
# Library missing in the loader's message, and the packages of Debian or Ubuntu and of Fedora that contain it.
PACKAGES = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libGLESv2.so.2": ("libgles2", "libglvnd-gles"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libxcb.so.1": ("libxcb1", "libxcb"),
    "libX11.so.6": ("libx11-6", "libX11"),
    "libSM.so.6": ("libsm6", "libSM"),
    "libXext.so.6": ("libxext6", "libXext"),
    "libXrender.so.1": ("libxrender1", "libXrender"),
    "libgomp.so.1": ("libgomp1", "libgomp"),
    "libstdc++.so.6": ("libstdc++6", "libstdc++"),
}
_MISSING = re.compile(r"(lib[\w+.-]+\.so[.\d]*): cannot open shared object file")


def missing_library(error: BaseException, which: Which = shutil.which) -> tuple[str, str] | None:
    """What is wrong and what to do, if an error (or its cause) is a missing library; else None."""
    seen: BaseException | None = error
    for _ in range(5):
        if seen is None:
            return None
        found = _MISSING.search(str(seen))
        if found is not None:
            return f"the system's library {found.group(1)} is missing", _remedy(found.group(1), which)
        seen = seen.__cause__ or seen.__context__
    return None


def _remedy(library: str, which: Which) -> str:
    if library not in PACKAGES:
        return f"Install the system package that contains {library}"
    debian, fedora = PACKAGES[library]
    return install_command({"apt-get": debian, "dnf": fedora}, which)


def install_command(packages: Mapping[str, str], which: Which = shutil.which) -> str:
    """The command that installs a package here; with an unknown package manager, those of the known ones.

    packages: names of the package by its manager, from MANAGERS.
    """
    lines = {manager: MANAGERS[manager].format(name) for manager, name in packages.items()}
    for manager in MANAGERS:
        if manager in lines and which(manager) is not None:
            return f"Run: {lines[manager]}"
    return "Install it with your system's package manager, for example: " + ", or ".join(lines.values())
