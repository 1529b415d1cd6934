"""Checks on a file's structure before any decoder sees it: truncation, edits, a packed index. Reads a few bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, SupportsBytes

MOST_BOXES = 10_000  # examined in one file: real ones have a few hundred
MOST_SCANS = 100  # of one progressive JPEG: cameras and browsers write about ten
MOST_PACKED_TEXT = 2**16  # bytes in one PNG: each may unpack to a thousand
PACKED_TEXT = {b"zTXt", b"iTXt", b"iCCP"}
MP4_PARENTS = {b"moov", b"trak", b"edts", b"cmov"}
MP4_FIRST = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
MP4_OUTER = MP4_FIRST | {b"moof", b"mfra", b"uuid", b"udta", b"meta", b"sidx", b"ssix", b"styp", b"emsg", b"pdin"}
SEGMENT = 0x18538067
ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
ASF_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
ASF_HEAD_BYTES = 2**16


def missing_bytes(path: Path) -> int:
    """Bytes by which a file is shorter than its outermost structure says; 0 if it is complete or does not say.

    Works for MP4 and relatives (ISO 14496-12), Matroska and WebM (RFC 9559), AVI (RIFF), WMV
    (ASF 01.20.03, section 3.2) and GIF (its last byte).
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        if head[4:8] in MP4_FIRST:
            ends = [start + length for name, start, length in _boxes(file, 0, size) if name in MP4_OUTER]
            end = max(ends, default=size)
        elif head[:4] == b"\x1a\x45\xdf\xa3":
            end = _matroska_end(file, size)
        elif head[:4] == b"RIFF" and head[8:12] == b"AVI ":
            end = _riff_end(file, size)
        elif head == ASF_HEADER[:12]:
            end = _asf_end(file, size)
        elif head[:3] == b"GIF":
            file.seek(max(0, size - 64))
            end = size if file.read().rstrip(b"\0").endswith(b"\x3b") else size + 1
        else:
            end = size
    return max(0, end - size)


def stated_size_px(path: Path) -> tuple[int, int] | None:
    """Width and height from the header of a GIF, whose decoder allocates everything first; else None."""
    with path.open("rb") as file:
        head = file.read(10)
    return (*struct.unpack("<HH", head[6:10]),) if head[:3] == b"GIF" and len(head) == 10 else None


def count_appended(path: Path) -> int:
    """Number of further videos behind the first one of an MP4 or MOV file, as ``cat`` joins them: none is read."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if file.read(8)[4:8] not in MP4_FIRST:
            return 0
        return max(0, sum(name == b"moov" for name, _, _ in _boxes(file, 0, size)) - 1)


def count_edits(path: Path) -> int:
    """Length of the longest edit list of an MP4 or MOV file; 0 if there is none, or for other kinds of file."""
    # As many as it says, but no more than fit.
    lists = (min(int.from_bytes(start[4:], "big"), length // 12) for start, length in _contents(path, b"elst"))
    return max(lists, default=0)


def packed_index_bytes(path: Path) -> int:
    """What the index of a MOV file says it unpacks to (QuickTime File Format, "compressed movie resources"), or 0."""
    return max((int.from_bytes(start[:4], "big") for start, _ in _contents(path, b"cmvd")), default=0)


def _contents(path: Path, name: bytes) -> Iterator[tuple[bytes, int]]:
    """The first eight bytes in each box of this name in an MP4 or MOV file, and the length of the box."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if file.read(8)[4:8] not in MP4_FIRST:
            return
        inside = [(0, size)]
        seen = 0
        while inside and seen < MOST_BOXES:
            for found, start, length in _boxes(file, *inside.pop()):
                seen += 1
                header = 16 if _is_long(file, start) else 8
                if found in MP4_PARENTS:
                    inside.append((start + header, min(start + length, size)))
                elif found == name:
                    file.seek(start + header)
                    yield file.read(8), length


def is_bomb(codec: str, picture: SupportsBytes) -> bool:
    """Whether one coded picture would take minutes or gigabytes to decode."""
    if codec == "mjpeg":
        return count_scans(bytes(picture)) > MOST_SCANS
    return codec in ("png", "apng") and packed_text_bytes(bytes(picture)) > MOST_PACKED_TEXT


def count_scans(jpeg: bytes) -> int:
    """Number of scans of a JPEG: each is decoded over the whole picture, so thousands would take minutes."""
    return jpeg.count(b"\xff\xda")  # in coded data 0xFF is never followed by this


def packed_text_bytes(png: bytes) -> int:
    """Bytes of packed text and colour profiles in a PNG (third edition, 11.3), which its decoder unpacks and keeps."""
    at, found = 8, 0
    while at + 8 <= len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] in PACKED_TEXT:
            found += length
        at += length + 12
    return found


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and length of the boxes in a stretch of an MP4 file, including one that runs past its end."""
    for _ in range(MOST_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        header = file.read(16)
        length = int.from_bytes(header[:4], "big")
        name = header[4:8]
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:  # to the end of the file
            length = end - start
        if length < 8 or not all(32 <= letter < 127 or letter == 0xA9 for letter in name):
            return
        yield name, start, length
        start += length


def _is_long(file: BinaryIO, start: int) -> bool:
    file.seek(start)
    return file.read(4) == b"\0\0\0\1"


def _matroska_end(file: BinaryIO, size: int) -> int:
    """Where the segment ends: a file has an EBML header and one segment, whose size live recordings leave open."""
    at = 0
    while at + 12 <= size:
        file.seek(at)
        head = file.read(20)
        name_length = 9 - head[0].bit_length() if head[0] else 9
        if name_length > 4:
            return size
        name = int.from_bytes(head[:name_length], "big")
        rest = head[name_length:]
        length = 9 - rest[0].bit_length() if rest[0] else 9
        if length > 8:
            return size
        value = int.from_bytes(rest[:length], "big") - (1 << 7 * length)
        if name == SEGMENT:
            return size if value == (1 << 7 * length) - 1 else at + name_length + length + value
        at += name_length + length + value
    return size


def _asf_end(file: BinaryIO, size: int) -> int:
    """Where the file ends by its own properties; 0 there means that it was broadcast."""
    file.seek(0)
    head = file.read(ASF_HEAD_BYTES)
    at = head.find(ASF_FILE_PROPERTIES)
    if at < 0 or at + 48 > len(head):
        return size
    return int.from_bytes(head[at + 40 : at + 48], "little") or size


def _riff_end(file: BinaryIO, size: int) -> int:
    """Where the last RIFF chunk ends; long AVI files have several. A size of 0 means it was never filled in."""
    at = 0
    for _ in range(MOST_BOXES):
        if at + 8 > size:
            break
        file.seek(at)
        head = file.read(8)
        length = int.from_bytes(head[4:8], "little")
        if head[:4] != b"RIFF" or length in (0, 2**32 - 1):
            return size
        at += 8 + length + length % 2
    return at - 1 if at == size + 1 else at  # the last padding byte may be missing
