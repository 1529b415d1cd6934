"""``coach web``: a guided session in the browser."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli.browser import link_shower
from coach.cli.lines import said
from coach.cli.options import check_side, needing
from coach.errors import HistoryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.web.phone import PhoneServer


def web(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of this machine; 0 takes a free one.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the link.")] = False,
    programme: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="What is done: a programme's name or file.")
    ] = "standard",
    exercise: Annotated[str | None, typer.Option(metavar="NAME|FILE", help="Only this exercise.")] = None,
    side: Annotated[str, typer.Option(metavar="auto|left|right", help="Only this side.")] = "auto",
    reps: Annotated[int | None, typer.Option(help="Repetitions of a set.")] = None,
    breaths: Annotated[int | None, typer.Option(help="Breaths of a hold.")] = None,
    sets: Annotated[int | None, typer.Option(help="Sets of each exercise and side.")] = None,
    rest: Annotated[float | None, typer.Option(metavar="SECONDS", help="Rest between two sets.")] = None,
    language: Annotated[
        str, typer.Option("--lang", envvar="COACH_LANG", help="Language of what is said and shown.")
    ] = "en",
    person: Annotated[str, typer.Option(metavar="NAME", help="Whose session it is.")] = "me",
    data_dir: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the history is.")] = None,
    phone: Annotated[bool, typer.Option("--phone", help="Let a phone at home be the camera.")] = False,
    phone_address: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="This computer's address at home, if --phone finds another.")
    ] = None,
) -> None:
    """Practise in the browser: it opens by itself, asks for the camera, and leads you through.

    \b
      coach web                                    the whole programme
      coach web --exercise hip-hiker --side left   one exercise and side
      coach web --programme mine.toml --lang de    your own programme, in German
      coach web --no-browser --port 8000           print the link and open it yourself
      coach web --phone                            the phone is the camera, this screen shows and speaks

    Pictures stay on this machine: the page talks to this program and nothing else. Ctrl-C ends it; what you did is
    stored in the history. Recorded videos can be dropped on the page.
    """
    from coach.app.own_programmes import find_programme
    from coach.history.records import checked_name
    from coach.web.sessions import Settings

    only_side = check_side(side)
    person = checked_name(person)
    chosen = find_programme(programme, data_dir)
    if (exercise, only_side, reps, breaths, sets, rest) != (None,) * 6:
        chosen = chosen.narrowed(exercise, only_side, reps, breaths, sets, rest)
    chosen.speak(language)
    with needing("web"):
        from coach.web.app import serve

    kept: list[int] = []
    with ExitStack() as stack:
        show = stack.enter_context(link_shower(no_browser))
        # Ctrl-C arrives as an exception, or as a plain return if the parent process ignores that signal.
        with suppress(KeyboardInterrupt):
            camera = _phone(stack, language, phone_address) if phone or phone_address is not None else None
            settings = Settings(chosen, language, person, data_dir, phone=camera is not None, on_kept=kept.append)
            serve(settings, port, show, camera)
    typer.echo("\n" + said("web_stopped_kept" if _any_of(kept, data_dir) else "web_stopped"))


def _any_of(numbers: Sequence[int], data_dir: Path | None) -> bool:
    """Whether the history still has one of these sessions, as far as it can be read: the page can delete them."""
    from coach.history import History

    with suppress(HistoryError), History.existing(data_dir) as history:
        return any(history.has(number) for number in numbers)
    return False


def _phone(stack: ExitStack, language: str, address: str | None) -> PhoneServer:
    """The server for the phone, closed with the stack. Raises OptionError and OutputError."""
    from coach.i18n.web_messages import page_words
    from coach.web.app import phone_server
    from coach.web.home_network import Certificate, home_address

    def tell(certificate: Certificate) -> None:
        pairs = ":".join(certificate.fingerprint[at : at + 2] for at in range(0, 64, 2)).upper()
        typer.echo(f"{said('web_phone', button=page_words(language)['phone_use'])}\n  {pairs}\n")

    with needing("phone"):
        return stack.enter_context(phone_server(language, home_address(address), tell))


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("web", short_help="Practise with a guide, on a page in your browser.")(guarded(web))
