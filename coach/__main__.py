"""``coach`` and ``python -m coach``: from the first line on, ending it leaves no traceback."""

from __future__ import annotations

import os
import sys

from coach.ending import code_of, end_behind, end_tidily


def main() -> None:
    """Entry point of the console script. Loading the command line takes a moment, in which it may be ended too."""
    end_tidily()
    try:
        from coach.cli.app import main as command_line
    except KeyboardInterrupt as error:
        sys.exit(code_of(error))
    except (Exception, SystemExit) as error:
        end = end_behind(error)
        if end is not None:
            sys.exit(code_of(end))
        _tell_of_package(error)
        raise
    command_line()


def _tell_of_package(error: BaseException) -> None:
    """If a package that the command line itself needs cannot be loaded, say so and end: not even 'doctor' would run."""
    from coach.broken_packages import cannot_be_loaded
    from coach.cli.errors import BAD_INPUT, complain

    broken = cannot_be_loaded(error)
    if broken is not None and not os.environ.get("COACH_DEBUG"):
        complain(broken)
        sys.exit(BAD_INPUT)


if __name__ == "__main__":
    main()
