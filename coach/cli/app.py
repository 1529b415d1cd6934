"""The command line: ``coach``. Each module named in COMMANDS is a command and registers itself."""

from __future__ import annotations

import errno
import functools
import importlib
import io
import keyword
import logging
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any

import typer

from coach import __version__
from coach.children import guard_children
from coach.cli.errors import BAD_INPUT, OUR_FAULT, complain, spoken, told_of_package
from coach.cli.given_once import each_given_once
from coach.cli.streams import have_streams
from coach.ending import Left, code_of, end_behind, end_tidily, leave_in_peace, let_go_of_output
from coach.errors import CoachError
from coach.leftovers import sweep
from coach.memory import few_arenas

# The modules of coach/cli that are commands, in the order of the help.
COMMANDS = (
    *(
        "demo",
        "web",
        "live",
        "analyse",
        "batch",
        "exercises",
        "programme",
        "report",
        "history",
        "progress",
        "share",
        "import",
        "review",
        "plan",
        "record",
        "evaluate",
        "label",
        "privacy",
    ),
    *("bench", "doctor"),
)

HELP = """Watches two physiotherapy exercises through one camera: counts, measures and says what to correct.

\b
  coach demo                           the sample clips, analysed: needs no camera
  coach exercises                      what can be coached, and where the camera goes
  coach web                            in front of the webcam, on a page in the browser
  coach live hip-hiker                 the same in a window, one exercise
  coach analyse me.mp4                 a recorded video
  coach analyse *.mp4 --json           many, for other programs to read
  coach analyse me.mp4 --save-video    with a copy of it that shows what was seen
  coach batch videos --out results     thousands, on all processors or many machines
  coach doctor                         whether everything is there

Everything runs on this machine; nothing is sent anywhere. It coaches; it does not diagnose.
'coach COMMAND --help' shows more examples.
"""


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command whose errors become one line on standard error and an exit code."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        spoken(kwargs.get("language"))
        try:
            command(*args, **kwargs)
            sys.stdout.flush()  # report a closed pipe here rather than at exit
        except CoachError as error:
            complain(error)
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt as error:
            raise typer.Exit(_stopped(error)) from None
        except (BrokenPipeError, SystemExit) as error:
            # The reader of a pipe has enough, as in `coach analyse ... | head`: keep Python from complaining at exit.
            # Rich tells of it in its own way.
            if isinstance(error, SystemExit) and not isinstance(error.__context__, BrokenPipeError):
                _end_if_of_package(error)
                raise
            let_go_of_output()
            raise typer.Exit(0) from None
        except (OSError, ImportError) as error:
            _tell(error)
            raise typer.Exit(BAD_INPUT) from None
        except typer.Abort as error:  # of a question: nobody answers it, or it was ended
            if not isinstance(error.__context__, KeyboardInterrupt):
                complain("stopped")  # in the command's language, unlike click's 'Aborted!'
                raise typer.Exit(1) from None
            raise typer.Exit(_stopped(error.__context__)) from None
        except Exception as error:
            end = end_behind(error)
            if end is not None:
                raise typer.Exit(_stopped(end)) from None
            if isinstance(error, typer.Exit) or os.environ.get("COACH_DEBUG"):
                raise
            if type(error).__module__.partition(".")[0] in ("click", "typer"):
                raise  # a usage error, which the command line itself reports
            _end_if_of_package(error)
            complain(
                f"something went wrong that should not: {type(error).__name__}: {error}. COACH_DEBUG=1 shows where"
            )
            raise typer.Exit(OUR_FAULT) from None

    return run


def _stopped(error: KeyboardInterrupt | Left) -> int:
    """Say that it was stopped, and return the exit code."""
    complain("stopped")
    let_go_of_output()
    return code_of(error)


def _tell(error: OSError | ImportError) -> None:
    """What the system, or what is installed, does not let us do. Raises it where COACH_DEBUG is set."""
    if told_of_package(error):
        return
    if isinstance(error, OSError) and error.errno == errno.EIO and not error.filename:  # the terminal is gone
        let_go_of_output()
    elif os.environ.get("COACH_DEBUG"):
        raise error
    elif isinstance(error, ImportError):
        complain(f"a package cannot be loaded: {error}. 'coach doctor' says which, and what to do")
    else:
        where = f"{error.filename}: " if error.filename else ""
        complain(f"{where}{error.strerror or error}. Make room or check permissions, then try again")


def _end_if_of_package(error: BaseException) -> None:
    if told_of_package(error):
        raise typer.Exit(BAD_INPUT) from None


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"coach {__version__}")
        raise typer.Exit


def make_app(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command line with these commands."""
    app = typer.Typer(
        name="coach",
        help=HELP,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )

    @app.callback()
    def coach(
        version: Annotated[
            bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
        ] = False,
    ) -> None:
        pass

    for name in names:
        module = f"{name}_" if keyword.iskeyword(name) else name
        importlib.import_module(f"coach.cli.{module}").register(app)
    return each_given_once(app)


def asked_for(arguments: Sequence[str]) -> Sequence[str]:
    """The command that the arguments begin with, so that it alone is made ready; all, where they begin otherwise."""
    return arguments[:1] if arguments and arguments[0] in COMMANDS else COMMANDS


def main() -> None:
    """The command line, from its preparations to its exit code. ``coach.__main__`` calls it."""
    have_streams()
    # The matrices here are small: more threads would only wait for each other, and compete with the model.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Pydantic would look through all installed packages for plugins of its own.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without a degree sign shows a question mark
            stream.reconfigure(errors="replace")
    # A home folder that cannot be written to only slows the start; the user need not read about it.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    few_arenas()
    end_tidily()
    guard_children()
    sweep()
    try:
        make_app(asked_for(sys.argv[1:]))(prog_name="coach")
    except KeyboardInterrupt as error:  # before the command began
        sys.exit(_stopped(error))
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):  # nobody reads the help any more
            let_go_of_output()
            sys.exit(0)
        # The same, in the words of the library that reads the arguments.
        behind = None if error.__context__ is None else error.__context__.__cause__
        if not isinstance(behind, KeyboardInterrupt):
            raise
        sys.exit(_stopped(behind))
    except OSError as error:  # the help or the version could not be printed
        _tell(error)
        let_go_of_output()
        sys.exit(BAD_INPUT)
    except Exception as error:  # what reads the arguments loads packages too
        end = end_behind(error)
        if end is not None:
            sys.exit(_stopped(end))
        if not told_of_package(error):
            raise
        sys.exit(BAD_INPUT)
    finally:
        leave_in_peace()


if __name__ == "__main__":
    main()
