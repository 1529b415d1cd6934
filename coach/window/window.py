"""The window on the screen: OpenCV's, a Screen of ``coach.app.engine``."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from coach.app.screen_check import check_screen
from coach.errors import ScreenError
from coach.overlay.canvas import DARK
from coach.overlay.text_layout import font_path
from coach.types import Picture
from coach.video.stderr import quiet_stderr
from coach.window.reduced_motion import reduced_motion

NAME = "Coach"
CORNER = (40, 40)
START_PX = (1120, 640)  # fits a small laptop's screen; f or dragging a corner enlarges it
KEYS = {8: "backspace", 10: "enter", 13: "enter", 27: "q", 32: "space"}


def framed(picture: Picture, width: int, height: int) -> Picture:
    """The picture scaled to fit a window of this size, with dark bars if the shapes differ.

    Left to the window itself, lines would be jagged and bars bright.
    """
    import cv2

    high, wide = picture.shape[:2]
    if width <= 0 or height <= 0 or (width, height) == (wide, high):
        return picture
    scale = min(width / wide, height / high)
    size = (min(width, max(1, round(wide * scale))), min(height, max(1, round(high * scale))))
    fitted = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 0.6 else cv2.INTER_LINEAR)
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    right, bottom = width - size[0] - left, height - size[1] - top
    whole: Picture = cv2.copyMakeBorder(fitted, top, bottom, left, right, cv2.BORDER_CONSTANT, value=DARK).astype(
        "uint8", copy=False
    )
    return whole


class Window:
    """A desktop window. Raises ScreenError if there is no screen to show it on."""

    def __init__(self, full_screen: bool = False) -> None:
        import cv2

        check_screen()
        # OpenCV's wheels name a font folder that they do not include, and Qt complains about it at every start.
        fonts = os.environ.get("QT_QPA_FONTDIR", "none")
        ours = font_path()
        if ours is not None and not Path(fonts).is_dir():
            os.environ["QT_QPA_FONTDIR"] = str(ours.parent)
        try:
            with quiet_stderr():
                cv2.namedWindow(NAME, cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL)
        except cv2.error as error:
            raise ScreenError(
                "this build of OpenCV has no windows",
                "Uninstall opencv-python-headless and install the coach again, or use 'coach web'",
            ) from error
        self._full_screen = False
        self._sized = False
        self.reduced_motion = reduced_motion()
        if full_screen:
            self.toggle_full_screen()

    def show(self, picture: Picture) -> None:
        """Show a picture (height, width, 3) RGB."""
        import cv2

        if not self._sized:
            cv2.resizeWindow(NAME, *START_PX)
            if not self._full_screen:
                cv2.moveWindow(NAME, *CORNER)  # it was placed while still small
            self._sized = True
        width, height = self.size_px or (0, 0)
        cv2.imshow(NAME, cv2.cvtColor(framed(picture, width, height), cv2.COLOR_RGB2BGR))

    @property
    def size_px(self) -> tuple[int, int] | None:
        """Width and height of what the window shows, None before it shows anything."""
        import cv2

        if not self._sized or not _is_open():
            return None
        _, _, width, height = cv2.getWindowImageRect(NAME)
        return (width, height) if width > 0 and height > 0 else None

    def key(self) -> str:
        """The key pressed since the last call: empty for none, ``closed`` once the window has gone."""
        import cv2

        code = cv2.waitKey(1)
        if self._sized and not _is_open():
            return "closed"
        code &= 0xFF
        if code in KEYS:
            return KEYS[code]
        letter = chr(code).lower()
        return letter if letter.isascii() and letter.isalnum() else ""

    def toggle_full_screen(self) -> None:
        """Toggle full screen."""
        import cv2

        self._full_screen = not self._full_screen
        how = cv2.WINDOW_FULLSCREEN if self._full_screen else cv2.WINDOW_NORMAL
        cv2.setWindowProperty(NAME, cv2.WND_PROP_FULLSCREEN, how)

    def close(self) -> None:
        """Close the window."""
        import cv2

        with suppress(cv2.error):
            cv2.destroyWindow(NAME)
        cv2.waitKey(1)


def _is_open() -> bool:
    import cv2

    try:
        return bool(cv2.getWindowProperty(NAME, cv2.WND_PROP_VISIBLE) >= 1)
    except cv2.error:  # raised by Qt for a closed window
        return False
