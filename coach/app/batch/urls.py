"""Videos and results at an address: the only module that knows fsspec. (I/O)"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coach.errors import OptionError, SourceNotFoundError, SourceUnreadableError
from coach.extras import install_extra

NETWORK = "Check the address and the network"


def is_url(text: str) -> bool:
    """Whether this is an address rather than a path."""
    return "://" in text


def file_system(url: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it. Raises OptionError if no installed package can reach it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise OptionError(f"{url}: addresses need the package fsspec", install_extra("cluster")) from error
    try:
        system, path = url_to_fs(url)
    except (ImportError, ValueError) as error:
        remedy = "Install the package it needs, on every worker"
        raise OptionError(f"{url}: cannot be reached ({error})", remedy) from error
    return system, str(path)


def expand_url(url: str) -> list[str]:
    """The addresses that a pattern matches, sorted; an address without a star is itself."""
    if "*" not in url:
        return [url]
    system, path = file_system(url)
    return [str(system.unstrip_protocol(match)) for match in sorted(system.glob(path))]


def stamp_of_url(url: str) -> str:
    """A stamp that changes when the file at an address does. Raises SourceNotFoundError, SourceUnreadableError."""
    system, path = file_system(url)
    try:
        return str(system.ukey(path))
    except FileNotFoundError as error:
        raise SourceNotFoundError(f"{url}: no such file", "Check the address") from error
    except Exception as error:  # each store has its own errors
        raise SourceUnreadableError(f"{url}: cannot be reached ({error})", NETWORK) from error


def fetch(url: str, target: Path) -> None:
    """Copy the file at an address. Raises SourceNotFoundError, SourceUnreadableError."""
    system, path = file_system(url)
    try:
        system.get_file(path, str(target))
    except FileNotFoundError as error:
        raise SourceNotFoundError(f"{url}: no such file", "Check the address") from error
    except Exception as error:
        raise SourceUnreadableError(f"{url}: cannot be read ({error})", NETWORK) from error
