"""What import-linter's contract in pyproject.toml cannot say: how little is loaded, and what judging never touches."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "coach"
MODULES = sorted(PACKAGE.rglob("*.py"))
HEAVY = {"cv2", "mediapipe", "scipy", "matplotlib", "av", "jinja2", "PIL"}
CLOCKS = {"time", "datetime"}
PICTURES = {"cv2", "mediapipe", "av", "PIL"}
# What decides: from a pose to an event, a cue and a result. It knows the time of a frame and no other.
DECIDING = ("kinematics", "judging", "session")
# Libraries that one part alone may know, so that another one could take their place.
ALONE = {
    "mediapipe": ("perception/pose_estimator.py",),
    "av": ("video",),
    "sqlite3": ("history",),
    "distributed": ("app/batch/cluster.py",),
    "fsspec": ("app/batch/urls.py",),
    "typer": ("cli",),
    "starlette": ("web",),
    "uvicorn": ("web",),
}


def place(name: str) -> Path:
    """A package or module of coach/; the test fails where there is none, so that no rule is kept for a ghost."""
    path = PACKAGE / name
    assert path.exists(), f"coach/{name} does not exist: correct the rule that names it"
    return path


def modules_of(name: str) -> list[Path]:
    path = place(name)
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> set[str]:
    """Modules that a file imports when it is loaded or called, for type checking left out."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(parsed(path))
    return found


def libraries(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)}


# Cuts a small picture out of a frame for the report; nothing is decided by it.
SNAPSHOT = "session/snapshot.py"


@pytest.mark.parametrize("package", DECIDING)
def test_what_decides_has_no_clock_and_no_pictures(package: str) -> None:
    for path in modules_of(package):
        if path != place(SNAPSHOT):
            assert not libraries(path) & (CLOCKS | PICTURES), path


@pytest.mark.parametrize("library", sorted(ALONE))
def test_each_library_is_known_where_it_belongs_and_nowhere_else(library: str) -> None:
    known = {path for name in ALONE[library] for path in modules_of(name)}
    using = {path for path in MODULES if library in libraries(path)}
    assert using, f"nothing uses {library}: correct the rule that names it"
    assert using <= known


def test_cameras_are_opened_by_the_video_package_alone() -> None:
    using = {path for path in MODULES if "VideoCapture" in path.read_text(encoding="utf-8")}
    assert using
    assert using <= set(modules_of("video"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_uses_global_state(path: Path) -> None:
    tree = parsed(path)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)]


# Libraries that take a noticeable time to load: they are imported in the function that needs them.
LOADED_LATE = {"cv2", "mediapipe", "scipy", "matplotlib", "av", "PIL", "pyttsx3"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_loads_a_heavy_library_by_being_imported(path: Path) -> None:
    for node in parsed(path).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None) or node.names[0].name
            assert module.partition(".")[0] not in LOADED_LATE


@pytest.mark.parametrize("package", sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py")))
def test_every_package_says_its_job_first(package: str) -> None:
    says = ast.get_docstring(ast.parse((place(package) / "__init__.py").read_text(encoding="utf-8")))
    assert says
    assert says.partition("\n")[0].endswith(".")


def loaded_by(code: str) -> set[str]:
    """Top-level packages that a fresh Python has loaded after running some code."""
    script = f"import sys\n{code}\nprint('\\n'.join(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not loaded_by("import coach") & (HEAVY | {"numpy", "pydantic", "rich", "typer"})


def test_the_help_loads_nothing_heavy() -> None:
    code = (
        "import contextlib, io\nsys.argv = ['coach', '--help']\nfrom coach.cli.app import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n    main()"
    )
    assert not loaded_by(code) & (HEAVY | {"numpy", "pydantic", "rich"})


def test_judging_a_recording_loads_no_model() -> None:
    names = ("session.session", "perception.recording", "session.result", "definitions.exercise")
    loaded = loaded_by("; ".join(f"import coach.{name}" for name in names))
    assert not loaded & {"cv2", "mediapipe", "av", "matplotlib"}
