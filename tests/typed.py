"""The command line in this process, as somebody types it: the command that is named alone is made ready, as in main."""

from __future__ import annotations

from typer.testing import CliRunner, Result

from coach.cli.app import asked_for, make_app


def typed(*arguments: object, answers: str | None = None, env: dict[str, str] | None = None) -> Result:
    """Run ``coach ARGUMENTS``. answers: what is typed when it asks."""
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(make_app(asked_for(words)), words, prog_name="coach", input=answers, env=env)
