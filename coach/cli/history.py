"""``coach history``: the stored sessions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli.errors import complain
from coach.cli.lines import said, sessions
from coach.cli.options import check_language
from coach.errors import OptionError

if TYPE_CHECKING:
    from coach.history import History, SessionRecord

DataDir = Annotated[Path | None, typer.Option("--data-dir", metavar="DIR", help="Where the history is.")]
Language = Annotated[str, typer.Option("--lang", envvar="COACH_LANG", help="Language of what is shown.")]
Person = Annotated[str | None, typer.Option("--person", metavar="NAME", help="Only this person.")]


def history(context: typer.Context, person: Person = None, data_dir: DataDir = None, language: Language = "en") -> None:
    """List the sessions stored on this machine.

    \b
      coach history                      every session
      coach history --person anna        those of one person
      coach history show 12              one of them
      coach history export mine.json     everything, to take with you
      coach history delete 12            delete one for good
      coach history delete --all         delete everything for good
    """
    if person is not None and context.invoked_subcommand == "repair":
        raise OptionError("repair works on the whole history", "Leave out --person")
    context.obj = data_dir
    of_below = {"language": language, "person": person}
    context.default_map = dict.fromkeys(("show", "export", "delete", "repair"), of_below)
    if context.invoked_subcommand is not None:
        return
    check_language(language)
    from coach.cli.history_table import session_table
    from coach.history import History
    from coach.history.database import unprotected

    with History.existing(data_dir) as kept:
        session_table(kept.sessions(_known(kept, person)), language)
        note = unprotected(kept.folder)
    if note:
        complain(note)


def show(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="N", help="Number of the session.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    person: Person = None,
    data_dir: DataDir = None,
    language: Language = "en",
) -> None:
    """Show one session: what was done on each side, and what was not counted."""
    check_language(language)
    from coach.cli.history_table import show_session
    from coach.export.history import session_json
    from coach.history import History

    with History.existing(data_dir or context.obj) as kept:
        session = _session(kept, number, person)
        if as_json:
            typer.echo(session_json(session))
        else:
            show_session(session, language)


def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new .json or .csv file.")],
    person: Person = None,
    data_dir: DataDir = None,
    language: Language = "en",
) -> None:
    """Export everything stored to one file.

    \b
      coach history export mine.json   sessions, sets, events, pain scores
      coach history export mine.csv    one row per repetition or hold
    """
    check_language(language)
    from coach.export.history import write_csv, write_json
    from coach.history import History

    if file.suffix not in (".json", ".csv"):
        raise OptionError(f"{file}: is neither .json nor .csv", "Name a file that ends in one of them")
    if file.exists():
        raise OptionError(f"{file}: is there already", "Name a new file")
    with History.existing(data_dir or context.obj) as kept:
        found = kept.sessions(_known(kept, person), events=file.suffix == ".json")
    (write_json if file.suffix == ".json" else write_csv)(found, file)
    typer.echo(f"{file}: {sessions(len(found))}")


def delete(
    context: typer.Context,
    number: Annotated[int | None, typer.Argument(metavar="[N]", help="Number of the session.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every session, of everybody or of --person.")] = False,
    person: Person = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    language: Language = "en",
) -> None:
    """Delete one session, or all of them. They are overwritten on the disk, and their reports are removed."""
    check_language(language)
    from coach.cli.questions import confirmed
    from coach.history import History
    from coach.i18n.terminal_messages import terminal_words

    if (number is None) == (not everything):
        raise OptionError("say which session to delete", "Give its number, or --all; 'coach history' lists them")
    with History.existing(data_dir or context.obj) as kept:
        person = _known(kept, person)
        if number is not None:
            if not kept.has(number):
                kept.tidy()  # deleted earlier, while a reader held copies open
            chosen = _session(kept, number, person)
            count = 1
            words = terminal_words(language)
            day = words.day_and_hour(chosen.started_at) if chosen.start_known else words("day_unknown")
            question = said("delete_one", number=number, person=chosen.person, day=day)
            if kept.is_last(number):
                question += said("delete_last")
        else:
            count = kept.count(person)
            question = said("delete_all", sessions=sessions(count), person=person or said("delete_everybody"))
        if not yes and not confirmed(question, default=False):
            typer.echo(said("delete_nothing"))
            raise typer.Exit(1)
        if number is not None:
            kept.delete(number)
        else:
            kept.delete_all(person)
        copies = kept.damaged_copies()
    typer.echo(said("delete_done", sessions=sessions(count), file=kept.path))
    if copies:  # a damaged file cannot be edited
        names = ", ".join(str(copy) for copy in copies)
        typer.echo(said("delete_copies", names=names))


def _known(kept: History, person: str | None) -> str | None:
    """The person as the history has the name; None is everybody. Raises HistoryError for nobody's name."""
    return None if person is None else kept.person_called(person)


def _session(kept: History, number: int, person: str | None) -> SessionRecord:
    """The session of this number. Raises HistoryError where it is not there, OptionError where not this person's."""
    session = kept.session(number)
    if person is not None and session.person != kept.person_called(person):
        raise OptionError(f"session {number} is of {session.person}, not of {person}", "Leave out --person")
    return session


def repair(context: typer.Context, data_dir: DataDir = None, language: Language = "en") -> None:
    """Save what can be read of a damaged history. The damaged file is kept beside it."""
    check_language(language)
    from coach.history.database import data_folder
    from coach.history.repair import repair as mend
    from coach.history.store import now

    done = mend(data_folder(data_dir or context.obj), now())
    count = sessions(done.sessions)
    if done.kept_at is None:
        typer.echo(said("repair_whole", sessions=count))
    else:
        typer.echo(said("repair_done", sessions=count, file=done.kept_at))


def register(app: typer.Typer) -> None:
    """Add the command and the commands below it."""
    from coach.cli.app import guarded

    below = typer.Typer(name="history", invoke_without_command=True, rich_markup_mode=None)
    below.callback()(guarded(history))
    below.command("show", short_help="Show one session, set by set.")(guarded(show))
    for command in (export, delete, repair):
        below.command(command.__name__)(guarded(command))
    app.add_typer(below)
