"""Opens the history's database, and says in plain words what is wrong with it. (I/O)"""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from coach.errors import HistoryError
from coach.history.schema import APPLICATION_ID, MIGRATIONS, migrate, version

FILE = "history.db"
REPORTS = "reports"  # a folder beside the database
DAMAGED = "history-damaged-"  # a repair keeps the damaged file beside the new one, named by this and the date
# How long a command waits while another program is writing.
BUSY_S = 3.0
FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
CHECK_DISK = "Free some space or check the disk; what was saved before is intact"
WRONG_VALUE = re.compile(r"(CHECK constraint failed|(NULL|NUMERIC|TEXT|non-\S+) value) in ")


def data_folder(folder: str | Path | None = None) -> Path:
    """Where the history is: the given folder, else COACH_HOME, else the system's folder for application data."""
    if folder is not None:
        return Path(folder)
    home = os.environ.get("COACH_HOME")
    if home:
        return Path(home)
    import platformdirs

    return platformdirs.user_data_path("exercise-coach", appauthor=False)


def holds_history(folder: Path) -> bool:
    """Whether there is a history in it. Raises HistoryError where it is no folder, or cannot be looked into."""
    path = folder / FILE
    with explained(path):
        if folder.exists() and not folder.is_dir():
            raise no_folder(folder)
        return path.exists()


def prepare(folder: Path) -> Path:
    """Make the folder and an empty database in it, readable by the user only, and return the database's path.

    An existing folder that holds other things keeps its permissions; the history's files are still private.
    """
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ours = path.exists() or not any(folder.iterdir())
        if ours:
            _keep_others_out(folder, 0o700)
        # Not by its name alone: at the end of a link may lie a device, whose permissions are everybody's.
        number = os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_NONBLOCK", 0), 0o600)
        try:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise no_file(path)
        finally:
            os.close(number)
        _keep_others_out(path, 0o600)
    except (FileExistsError, NotADirectoryError) as error:
        raise no_folder(folder) from error
    except IsADirectoryError as error:
        raise no_file(path) from error
    except RecursionError as error:  # of making a folder a thousand deep
        raise explain(OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG)), path) from error
    except OSError as error:
        if isinstance(error, HistoryError):
            raise
        raise explain(error, path) from error
    return path


def _keep_others_out(path: Path, mode: int) -> None:
    """Set the permissions if they differ. A drive without permissions (see ``unprotected``) is used as it is."""
    if stat.S_IMODE(path.stat().st_mode) != mode:
        with suppress(OSError):
            path.chmod(mode)


def unprotected(folder: Path) -> str:
    """Why others on this machine may be able to read the history; empty if they cannot."""
    path = folder / FILE
    try:
        open_to_others = os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077
    except OSError:
        return ""
    return f"{path}: this drive keeps no permissions: others who use it may read the history" if open_to_others else ""


def connect(path: Path, busy_s: float = BUSY_S) -> sqlite3.Connection:
    """A connection in autocommit mode, with write-ahead log, foreign keys and secure deletion. Raises sqlite3.Error."""
    connection = opened(path, timeout=busy_s)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        _choose_log(connection)
        # FULL: a commit is on the disk when it returns, and survives a power cut.
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


class _Connection(sqlite3.Connection):
    """One whose errors are SQLite's also where they quote bytes that are no text, of a damaged file."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        try:
            return super().execute(sql, parameters)
        except UnicodeDecodeError as error:
            raise sqlite3.DatabaseError("malformed, and what is said of it is no text") from error


def opened(path: Path | str, *, timeout: float = BUSY_S, uri: bool = False) -> sqlite3.Connection:
    """A connection in autocommit mode that reads damaged files. Raises sqlite3.Error.

    Text is decoded with a replacement character for invalid bytes; SQLite would refuse the whole query.
    """
    connection = sqlite3.connect(path, timeout=timeout, isolation_level=None, uri=uri, factory=_Connection)
    connection.text_factory = lambda content: content.decode("utf-8", "replace")
    return connection


def _choose_log(connection: sqlite3.Connection) -> None:
    """Use a write-ahead log, so that readers and writers do not block each other; else a rollback journal.

    Some drives (network shares, foreign file systems) lack the shared memory that a write-ahead log needs.
    """
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("SELECT count(*) FROM sqlite_master")  # the shared memory is first used here
    except sqlite3.OperationalError as error:
        if not any(sign in str(error).lower() for sign in ("locking protocol", "unable to open", "i/o error")):
            raise
        connection.execute("PRAGMA locking_mode = NORMAL")
        connection.execute("PRAGMA journal_mode = DELETE")


def open_database(folder: Path, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> tuple[sqlite3.Connection, bool]:
    """A connection to the checked and migrated history, and whether it is read-only.

    Raises HistoryError: damaged, locked, newer than this program, not a history, or no permission.
    """
    path = folder / FILE
    try:
        prepare(folder)
    except HistoryError:
        with explained(path):
            readable = path.is_file() and os.access(path, os.R_OK)
        if not readable:
            raise
        return _read_only(path, migrations), True
    with explained(path):
        try:
            connection = connect(path)
        except sqlite3.OperationalError as error:
            if "readonly" in str(error) or "unable to open" in str(error):
                return _read_only(path, migrations), True
            raise
        try:
            check(connection, path, len(migrations))
            if version(connection) < len(migrations):
                migrate(connection, migrations)
        except BaseException:
            connection.close()
            raise
        return connection, False


def check(connection: sqlite3.Connection, path: Path, newest: int) -> None:
    """Raise HistoryError unless this is an intact history of a version this program knows."""
    identity = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if identity != APPLICATION_ID and tables:
        raise HistoryError(f"{path}: is a database of another program", "Choose another folder with --data-dir")
    found = version(connection)
    if found > newest:
        raise HistoryError(
            f"{path}: was written by a newer coach (its version {found}, known here {newest})",
            "Update the coach; nothing was changed",
        )
    if not _sound(connection, "quick_check"):
        raise damaged(path)


def _read_only(path: Path, migrations: Sequence[Sequence[str]]) -> sqlite3.Connection:
    """A connection that needs no write access to the folder. Safe only because nobody else can write there either."""
    with explained(path):
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        connection = opened(uri, uri=True)
        try:
            check(connection, path, len(migrations))
            if version(connection) < len(migrations):
                raise HistoryError(f"{path}: is older and cannot be updated where it is", "Allow writing to its folder")
        except BaseException:
            connection.close()
            raise
        return connection


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's and the system's errors into a HistoryError that says what to do."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        if isinstance(error, HistoryError):
            raise
        raise explain(error, path) from error


def damaged(path: Path) -> HistoryError:
    """The error for a damaged file."""
    return HistoryError(
        f"{path}: the history is damaged; it was left as it is",
        "'coach history repair' saves what can be read and keeps the damaged file beside it",
    )


def no_folder(path: Path) -> HistoryError:
    """The error for a file in the place of the history's folder."""
    return HistoryError(f"{path}: is not a folder", "Choose another with --data-dir")


def no_file(path: Path) -> HistoryError:
    """The error for a folder, pipe or device in the history's place."""
    return HistoryError(f"{path}: is not a file", "Move it away, or choose another folder with --data-dir")


def explain(error: Exception, path: Path) -> HistoryError:
    """What an error of SQLite or the system means, and what to do about it."""
    return _of_system(error, path) if isinstance(error, OSError) else _of_sqlite(str(error), path)


def _of_system(error: OSError, path: Path) -> HistoryError:
    # By its number: its text names the file, which may be called anything.
    if error.errno in FULL:
        return HistoryError(f"{path}: the disk is full", "Free some space; what was saved before is intact")
    if error.errno in (errno.EIO, errno.EFBIG):
        return HistoryError(f"{path}: the disk does not take it ({error.strerror})", CHECK_DISK)
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return _not_writable(path)
    if isinstance(error, IsADirectoryError):
        return no_file(path)
    why = error.strerror or str(error) or type(error).__name__
    return HistoryError(f"{path}: cannot be opened or made ({why})", "Choose another folder with --data-dir")


def _not_writable(path: Path) -> HistoryError:
    return HistoryError(
        f"{path}: cannot be written here", "Allow writing to the folder, or choose another with --data-dir"
    )


def _of_sqlite(text: str, path: Path) -> HistoryError:
    said, text = text, text.lower()
    if "locked" in text or "busy" in text:
        return HistoryError(f"{path}: the history is in use by another program", "Close it, then try again")
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return damaged(path)
    if "full" in text or "no space" in text or "quota" in text:
        return HistoryError(f"{path}: the disk is full", "Free some space; what was saved before is intact")
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return _not_writable(path)
    if "i/o" in text or "too large" in text:
        return HistoryError(f"{path}: the disk does not take it ({said})", CHECK_DISK)
    return HistoryError(f"{path}: {said}", "Try again; if it stays, 'coach history repair' may help")


def _sound(connection: sqlite3.Connection, check: str) -> bool:
    """Whether SQLite can read everything. A value of the wrong type damages only its own row."""
    problems = [str(row[0]) for row in connection.execute(f"PRAGMA {check}")]
    return all(problem == "ok" or WRONG_VALUE.match(problem) for problem in problems)


def is_whole(path: Path) -> bool:
    """Whether SQLite finds no fault in the file. For repairs and tests."""
    try:
        with closing(opened(path)) as connection:
            return _sound(connection, "integrity_check")
    except sqlite3.Error:
        return False
