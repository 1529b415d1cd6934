"""Whether the desktop asks for less motion. (I/O)"""

from __future__ import annotations

import shutil
import subprocess
import sys

PATIENCE_S = 1.0
# A program that prints the setting, and what it prints when motion is to be reduced.
LINUX = (("gsettings", "get", "org.gnome.desktop.interface", "enable-animations"), "false")
MACOS = (("defaults", "read", "com.apple.universalaccess", "reduceMotion"), "1")
SPI_GETCLIENTAREAANIMATION = 0x1042


def reduced_motion() -> bool:
    """The user's setting: GNOME's animations, macOS's 'Reduce motion', Windows's 'Animation effects'.

    False where it cannot be read.
    """
    if sys.platform == "win32":
        return _windows()
    command, asks = MACOS if sys.platform == "darwin" else LINUX
    program = shutil.which(command[0])
    if program is None:
        return False
    try:
        done = subprocess.run([program, *command[1:]], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0 and done.stdout.strip() == asks


def _windows() -> bool:
    import ctypes

    animated = ctypes.c_int(1)
    library = getattr(ctypes, "windll").user32  # noqa: B009  # only there on Windows
    read = library.SystemParametersInfoW(SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(animated), 0)
    return bool(read) and not animated.value
