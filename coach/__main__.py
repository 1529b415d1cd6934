"""``coach`` and ``python -m coach``: from the first line on, ending it leaves no traceback."""

from __future__ import annotations

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
        from coach.cli.errors import BAD_INPUT, told_of_package

        if told_of_package(error):  # that the command line itself needs: not even 'doctor' would run
            sys.exit(BAD_INPUT)
        raise
    try:
        command_line()
    except KeyboardInterrupt as error:  # before it listens for it
        sys.exit(code_of(error))


if __name__ == "__main__":
    main()
