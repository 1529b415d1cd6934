"""Whether OpenCV's window can be shown on a screen. Used by the window, and by ``coach doctor``."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import socket
import sys
from contextlib import suppress

from coach.errors import ScreenError


def check_screen() -> None:
    """Raise ScreenError if a window would make Qt end the whole program: on Linux without a display."""
    if not sys.platform.startswith("linux"):
        return
    remedy = "Start it from a desktop session, or use 'coach web' and a browser"
    display = os.environ.get("DISPLAY", "")
    if not display and os.environ.get("WAYLAND_DISPLAY"):
        raise ScreenError(
            "OpenCV's window needs X, and this Wayland session offers none", "Start Xwayland, or " + remedy
        )
    if not display:
        raise ScreenError("there is no screen to show a window on (DISPLAY is not set)", remedy)
    if not _display_answers(display):
        raise ScreenError(f"the screen {display} cannot be reached", remedy)


def _display_answers(display: str) -> bool:
    """Whether an X server accepts us: asked through libxcb, or without it by connecting to its socket."""
    name = ctypes.util.find_library("xcb")
    if name is not None:
        with suppress(OSError, AttributeError):
            xcb = ctypes.CDLL(name)
            xcb.xcb_connect.restype = ctypes.c_void_p
            xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
            xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
            connection = xcb.xcb_connect(display.encode(), None)
            refused = bool(xcb.xcb_connection_has_error(connection))
            xcb.xcb_disconnect(connection)
            return not refused
    host, _, number = display.rpartition(":")
    number = number.partition(".")[0]
    try:
        if host in ("", "unix"):
            with socket.socket(socket.AF_UNIX) as local:
                local.connect(f"/tmp/.X11-unix/X{number}")
        else:
            socket.create_connection((host, 6000 + int(number)), timeout=3).close()
    except (OSError, ValueError):
        return False
    return True
