"""Opens a video file for reading, within limits that are the same for whatever is read of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from coach.errors import SourceUnreadableError
from coach.video.container_checks import count_edits, packed_index_bytes

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

MOST_PIXELS = 8192 * 4352  # of one picture: 8K, and the most that H.264 allows
MOST_PICTURE_BYTES = 4 * MOST_PIXELS  # as decoded: 8K in 10 bits, with half of the colours
MOST_STREAMS = 100  # a decoder is tried for each: a thousand take more than a gigabyte
MOST_EDITS = 100  # entries in an MP4 file's edit list; phones and editors write one to a few
MOST_INDEX_BYTES = 32 * 2**20  # of a packed index once it is unpacked: that of four hours has a few million
# Formats that hold videos. Playlists and picture lists are excluded because they make the decoder fetch other files,
# single pictures because they are not videos.
FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpegtsraw,mpeg,mpegvideo,flv,live_flv,kux,gif,apng,asf,asf_o,ogg,"
    "nut,mxf,mxf_opatom,gxf,h264,hevc,vvc,av1,obu,ivf,m4v,h263,h261,vc1,vc1test,cavsvideo,avs2,avs3,dirac,mjpeg,"
    "mjpeg_2000,ingenient,dv,rm,swf,wtv,yuv4mpegpipe,avif,amv,nsv,smk,bink,roq,film_cpk,mtv,mvi,nuv,thp,vivo,xmv,"
    "4xm,flic,ea,ipmovie,mm,psxstr,tiertexseq,wc3movie,wsvqa,yop,rl2,sol,vmd,lmlm4,iv8,mlv,mods,mgsts,ty,wtv,"
    "aac,mp3,wav,flac,caf,aiff,amr,ac3,eac3,dts,au,w64,tta,ape,wv,mka"
)
OPTIONS: Mapping[str, str] = {
    "protocol_whitelist": "file",
    "format_whitelist": FORMATS,
    "max_pixels": str(MOST_PIXELS),
    "max_streams": str(MOST_STREAMS),
}


def opened(path: Path) -> InputContainer:
    """The file, to be closed by the caller. An edit list beyond the limit is ignored: following it takes hours.

    Raises av.error.FFmpegError, OSError, ValueError or MemoryError if it is none, or unpacks to more than the limit.
    """
    import av

    if packed_index_bytes(path) > MOST_INDEX_BYTES:
        raise ValueError(f"{path} has a packed index beyond the limit")
    edits = {"ignore_editlist": "1"} if count_edits(path) > MOST_EDITS else {}
    return av.open(str(path.absolute()), options={**OPTIONS, **edits}, metadata_errors="ignore")


def check_size(path: Path, size_px: tuple[int, int]) -> None:
    """Raise SourceUnreadableError if pictures of this width and height are too large."""
    width, height = size_px
    if width * height > MOST_PIXELS:
        raise SourceUnreadableError(
            f"{path}: has pictures of {width} x {height}, more than 8K", "Make them smaller first"
        )


def check_picture_bytes(path: Path, stream: VideoStream) -> None:
    """Raise SourceUnreadableError if one picture of the stream would take too much memory; of 8K, several are kept."""
    context = stream.codec_context
    bits = context.format.padded_bits_per_pixel if context.format else 0
    picture_bytes = context.width * context.height * bits // 8
    if picture_bytes > MOST_PICTURE_BYTES:
        raise SourceUnreadableError(
            f"{path}: has pictures of {context.width} x {context.height} that take {picture_bytes / 1e6:.0f} MB each,"
            f" more than {MOST_PICTURE_BYTES / 1e6:.0f}",
            "Make them smaller first, or write them in 8 bits",
        )
