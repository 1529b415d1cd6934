"""Options that are given twice are refused: the last would win, and nobody would know."""

from __future__ import annotations

from collections import Counter
from typing import Any

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


class _Once:
    """A command whose parser ends with a usage error where an option is given twice."""

    def make_parser(self, ctx: typer.Context) -> Any:
        parser: Any = super().make_parser(ctx)  # type: ignore[misc]
        parse = parser.parse_args

        def once(args: list[str]) -> Any:
            values, rest, given = parse(args=args)
            if any("--help" in option.opts for option in given):
                return values, rest, given
            for option, times in Counter(given).items():
                if times > 1 and isinstance(option, TyperOption) and not (option.multiple or option.is_flag):
                    ctx.fail(f"{option.opts[0]} is given twice")
            return values, rest, given

        if not ctx.resilient_parsing:  # as it is while a shell completes the line
            parser.parse_args = once
        return parser


class _Command(_Once, TyperCommand):  # type: ignore[misc]
    pass


class _Group(_Once, TyperGroup):  # type: ignore[misc]
    pass
