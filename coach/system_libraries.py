"""System libraries that a Python package links to but does not include. Pure."""

from __future__ import annotations

import re

# Library missing in the loader's message, and the packages of Debian or Ubuntu and of Fedora that contain it.
PACKAGES = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libGLESv2.so.2": ("libgles2", "libglvnd-gles"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libSM.so.6": ("libsm6", "libSM"),
    "libXext.so.6": ("libxext6", "libXext"),
    "libXrender.so.1": ("libxrender1", "libXrender"),
    "libgomp.so.1": ("libgomp1", "libgomp"),
    "libstdc++.so.6": ("libstdc++6", "libstdc++"),
}
_MISSING = re.compile(r"(lib[\w+.-]+\.so[.\d]*): cannot open shared object file")


def missing_library(error: BaseException) -> tuple[str, str] | None:
    """What is wrong and what to do, if an error (or its cause) is a missing library; else None."""
    seen: BaseException | None = error
    for _ in range(5):
        if seen is None:
            return None
        found = _MISSING.search(str(seen))
        if found is not None:
            return f"the system's library {found.group(1)} is missing", _remedy(found.group(1))
        seen = seen.__cause__ or seen.__context__
    return None


def _remedy(library: str) -> str:
    if library not in PACKAGES:
        return f"Install the package of your system that brings {library}"
    debian, fedora = PACKAGES[library]
    return f"On Debian or Ubuntu: apt install {debian}; on Fedora: dnf install {fedora}"
