"""Options that are given twice are refused: the last would win, and nobody would know."""

from __future__ import annotations

from collections import Counter

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption


def each_given_once(app: typer.Typer) -> typer.Typer:
    """The same application, in which no command takes an option twice, unless it is a list or has no value."""
    app.info.cls = _Group
    for command in app.registered_commands:
        command.cls = _Command
    for below in app.registered_groups:
        if below.typer_instance is not None:
            each_given_once(below.typer_instance)
    return app


class _Command(TyperCommand):
    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        _refuse_twice(self, ctx, args)
        return super().parse_args(ctx, args)


class _Group(TyperGroup):
    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        _refuse_twice(self, ctx, args)
        return super().parse_args(ctx, args)


def _refuse_twice(command: TyperCommand | TyperGroup, context: typer.Context, arguments: list[str]) -> None:
    """End with a usage error where an option is given twice."""
    if not {"--help", "-h"}.isdisjoint(arguments):
        return
    _, _, given = command.make_parser(context).parse_args(args=list(arguments))
    for option, times in Counter(given).items():
        if times > 1 and isinstance(option, TyperOption) and not (option.multiple or option.is_flag):
            context.fail(f"{option.opts[0]} is given twice")
