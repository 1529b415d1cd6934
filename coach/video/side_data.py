"""What a decoder tells about a picture besides its pixels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from av.video.frame import VideoFrame


def side_data(picture: VideoFrame, name: str) -> Iterator[bytes]:
    """The content of each of a picture's data of one kind, such as DISPLAYMATRIX.

    Not by ``picture.side_data``: the picture keeps what that gives, which keeps the picture, and both stay in memory,
    a 4K picture takes 13 MB, until Python next looks for such circles.
    """
    from av.sidedata.sidedata import SideDataContainer

    container = cast(Any, SideDataContainer)  # its types do not say that it takes a picture
    for data in container(picture):
        if data.type.name == name:
            yield bytes(data)
