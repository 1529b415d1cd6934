"""Who may import whom, and how little is loaded before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "coach"
MODULES = sorted(PACKAGE.rglob("*.py"))
HEAVY = {"cv2", "mediapipe", "scipy", "matplotlib", "av", "jinja2", "PIL"}

# From the camera to the screen: a stage may import those before it, and helpers, but never one behind it.
STAGES = ["frames", "pose", "chest", "subject", "observe", "signals", "judge", "cues", "session", "analysis", "cli"]
PURE = ["types", "errors", "geometry", "smoothing", "precision", "repetitions", "holds", "faults", "breath", "body"]
JUDGING = [*PURE, "signals", "judge", "repetition_judge", "hold_judge", "cues", "session", "subject", "result"]


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

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


def existing(names: list[str]) -> list[str]:
    return [name for name in names if (PACKAGE / f"{name}.py").is_file()]


@pytest.mark.parametrize("stage", existing(STAGES))
def test_no_stage_imports_one_behind_it(stage: str) -> None:
    behind = {f"coach.{later}" for later in STAGES[STAGES.index(stage) + 1 :]}
    assert not imported(PACKAGE / f"{stage}.py") & behind


@pytest.mark.parametrize("module", existing(JUDGING))
def test_what_judges_has_no_clock_and_no_pictures(module: str) -> None:
    forbidden = {"time", "datetime", "cv2", "mediapipe", "av", "coach.frames", "coach.camera", "coach.pose"}
    assert not imported(PACKAGE / f"{module}.py") & forbidden


@pytest.mark.parametrize("module", existing(PURE))
def test_pure_helpers_import_no_stage(module: str) -> None:
    stages = {f"coach.{stage}" for stage in STAGES}
    assert not imported(PACKAGE / f"{module}.py") & stages


@pytest.mark.parametrize("path", sorted((PACKAGE / "faces").glob("*.py")), ids=lambda path: str(path.stem))
def test_faces_do_not_know_each_other(path: Path) -> None:
    others = {f"coach.faces.{other.stem}" for other in path.parent.glob("*.py") if other != path}
    assert not imported(path) & others


@pytest.mark.parametrize("path", sorted((PACKAGE / "report").glob("*.py")), ids=lambda path: str(path.stem))
def test_the_report_does_not_know_the_guide(path: Path) -> None:
    assert not [name for name in imported(path) if name.startswith("coach.guide")]


def test_only_one_module_knows_mediapipe() -> None:
    assert [path.name for path in MODULES if any(name.startswith("mediapipe") for name in imported(path))] == [
        "pose.py"
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_uses_global_state(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)]


def loaded_by(code: str) -> set[str]:
    """Top-level packages that a fresh Python has loaded after running some code."""
    script = f"import sys\n{code}\nprint('\\n'.join(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not loaded_by("import coach") & (HEAVY | {"numpy", "pydantic", "rich", "typer"})


def test_the_help_loads_nothing_heavy() -> None:
    code = (
        "import contextlib, io\nsys.argv = ['coach', '--help']\nfrom coach.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n    main()"
    )
    assert not loaded_by(code) & (HEAVY | {"numpy", "pydantic", "rich"})


def test_judging_a_recording_loads_no_model() -> None:
    loaded = loaded_by("import coach.session, coach.recording, coach.result, coach.exercise")
    assert not loaded & {"cv2", "mediapipe", "av", "matplotlib"}
