"""Where the single-folder application starts: the command line, or the page in the browser when double-clicked."""

from __future__ import annotations

import multiprocessing
import runpy
import sys


def main() -> None:
    """Run the coach, or, as the Python of one of its own child processes, what that was asked for."""
    multiprocessing.freeze_support()
    match sys.argv[1:]:
        case ["-I", "-c", code, *rest]:
            sys.argv = ["-c", *rest]
            exec(compile(code, "<child>", "exec"), {"__name__": "__main__"})
            return
        case ["-m", str(module), *rest] if module.startswith("coach."):
            sys.argv = [module, *rest]
            runpy.run_module(module, run_name="__main__", alter_sys=True)
            return
        case []:
            sys.argv.append("web")
    from coach.__main__ import main as command_line

    command_line()


if __name__ == "__main__":
    main()
