"""Data inside a page: a script element that no browser runs, safely escaped, and read again with limits. (I/O)

Its SHA-256 follows it, so that damage and careless edits are noticed. It is no signature: whoever changes the data with
care can write another. Files of earlier versions have none.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from coach.errors import SharedFileError
from coach.reading import parse_json, read_bytes

MOST_FILE_BYTES = 128 * 2**20  # a hundred sessions of twenty minutes have about 60 MB
OPENING = b'<script type="application/json" id="coach-sessions">'
CLOSING = b"</script>"
CHECKSUM = re.compile(rb"\s*<!-- SHA-256 (\S*) -->")
REMEDY = "Give the file that 'coach share' wrote, as it was: a browser's 'save page' changes it"
_DANGEROUS = re.compile("[<>&\u2028\u2029]")


def element(data: Any) -> str:
    """The script element that holds the data, and its checksum."""
    text = embedded(data)
    return f"{OPENING.decode()}{text}{CLOSING.decode()}<!-- SHA-256 {_checksum(text.encode())} -->"


def embedded(data: Any) -> str:
    """JSON that ends no script element, opens no comment, and needs no escapes of HTML."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))  # ASCII alone
    return _DANGEROUS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def read_embedded(path: Path) -> Any:
    """The data of a shared file. Raises SharedFileError: none in it, too large, changed since it was
    written, or no JSON within the limits."""
    content = read_bytes(path, SharedFileError, REMEDY, MOST_FILE_BYTES)
    start = content.find(OPENING)
    end = content.find(CLOSING, start)
    if start < 0 or end < 0 or content.find(OPENING, start + 1) >= 0:
        raise SharedFileError(f"{path}: holds no sessions of the coach", REMEDY)
    text, checksum = content[start + len(OPENING) : end], CHECKSUM.match(content, end + len(CLOSING))
    if checksum is not None and checksum[1] != _checksum(text).encode():
        raise SharedFileError(f"{path}: was changed or damaged since it was written", REMEDY)
    try:
        return parse_json(text)
    except ValueError as error:  # also what is no UTF-8
        raise SharedFileError(f"{path}: its data cannot be read ({str(error)[:100]})", REMEDY) from error


def _checksum(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
