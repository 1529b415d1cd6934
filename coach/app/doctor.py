"""Whether everything the coach needs is installed, and the exact command for what is not."""

from __future__ import annotations

import importlib
import importlib.util
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from coach.app.screen_check import check_screen
from coach.broken_packages import cannot_be_loaded, in_short, reinstall
from coach.children import python_environment
from coach.errors import CoachError, ScreenError
from coach.extras import EXTRAS, Find, install_extra, missing_modules
from coach.system_libraries import Which, install_command, missing_library

if TYPE_CHECKING:
    from coach.video.camera import CameraInfo

OLDEST, NEWEST = (3, 10), (3, 14)
# Module to import, and the package that contains it. None needs one below it.
PACKAGES = {
    "numpy": "numpy",
    "PIL": "pillow",
    "pydantic": "pydantic",
    "rich": "rich",
    "jinja2": "jinja2",
    "av": "av",
    "cv2": "opencv-contrib-python",
    "scipy": "scipy",
    "matplotlib": "matplotlib",
    "mediapipe": "mediapipe",
}
# Programs of the system: what each is for, other names of it, and the package that contains it.
PROGRAMS = {
    "chromium": (
        "'--pdf'",
        ("chromium-browser", "google-chrome", "google-chrome-stable", "msedge", "microsoft-edge"),
        {"apt-get": "chromium", "dnf": "chromium", "pacman": "chromium", "zypper": "chromium"},
    ),
    "espeak-ng": (
        "the voice in the window",
        ("espeak",),
        {"apt-get": "espeak-ng", "dnf": "espeak-ng", "pacman": "espeak-ng", "zypper": "espeak-ng"},
    ),
    "aplay": (
        "the voice in the window",
        ("paplay",),
        {"apt-get": "alsa-utils", "dnf": "alsa-utils", "pacman": "alsa-utils", "zypper": "alsa-utils"},
    ),
}
# Wheels that would overwrite the files of opencv-contrib-python.
RIVALS = ("opencv-python", "opencv-python-headless", "opencv-contrib-python-headless")
POSE_MODEL = "pose model"
MOST_LOADING_S = 60.0
MEND_FIRST = "First mend what is above"
BEGUN = "coach doctor tries: "
INSTALL = "Install the coach again: pip install --force-reinstall exercise-coach"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing examined. essential: no video can be analysed without it. remedy: empty if it is fine."""

    name: str
    fine: bool
    says: str
    remedy: str = ""
    essential: bool = True


def check_python(version: tuple[int, int] | None = None) -> Check:
    """The interpreter's version."""
    version = version or (sys.version_info[0], sys.version_info[1])
    fine = OLDEST <= version <= NEWEST
    remedy = f"Use Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}"
    return Check(
        "Python", fine, f"{version[0]}.{version[1]} on {platform.system()} {platform.machine()}", "" if fine else remedy
    )


def check_package(module: str, package: str, load: Callable[[str], object] = importlib.import_module) -> Check:
    """Whether a package is installed and can be loaded."""
    try:
        version = metadata.version(package)
    except metadata.PackageNotFoundError:
        return Check(package, False, "is missing", INSTALL)
    try:
        load(module)
    except BaseException as error:  # a package built for another machine can fail in any way
        if isinstance(error, KeyboardInterrupt):
            raise
        missing = missing_library(error)
        return Check(
            package,
            False,
            f"{version} cannot be loaded: {in_short(error)}",
            missing[1] if missing is not None else reinstall(module),
        )
    return Check(package, True, version)


def find_deadly(modules: Sequence[str] = (*PACKAGES, POSE_MODEL)) -> tuple[str, str] | None:
    """The first that ends the whole of Python when it is loaded, and how: tried in a process of its own.

    A package built for another processor does so (SIGILL), or one of which a half was replaced (SIGSEGV).
    """
    if getattr(sys, "frozen", False):
        return None
    command = [sys.executable, "-c", "from coach.app.doctor import _try_all; _try_all()", *modules]
    try:
        done = subprocess.run(
            command, env=python_environment(), capture_output=True, timeout=MOST_LOADING_S, check=False
        )
        said, how = done.stdout, _ended_how(done.returncode)
    except subprocess.TimeoutExpired as error:
        said, how = error.stdout or b"", f"not within {MOST_LOADING_S:g} s"
    begun = [line.removeprefix(BEGUN) for line in said.decode("utf-8", "replace").splitlines() if BEGUN in line]
    return (begun[-1], how) if begun and begun[-1] else None


def _try_all() -> None:
    """Load each module that the command line names, and say which is next; at the end an empty name."""
    for module in sys.argv[1:]:
        sys.stdout.write(f"\n{BEGUN}{module}\n")
        sys.stdout.flush()
        with suppress(BaseException):  # that is told elsewhere
            check_pose_model() if module == POSE_MODEL else importlib.import_module(module)
    sys.stdout.write(f"\n{BEGUN}\n")
    sys.stdout.flush()


def _ended_how(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"code {code}"


def check_extra(name: str, find: Find = importlib.util.find_spec) -> Check:
    """Whether an extra is installed. A missing extra is not a fault: the check only says what it would add."""
    purpose, missing = EXTRAS[name][0], missing_modules(name, find)
    label = f"extra {name}"
    if not missing:
        return Check(label, True, f"{purpose}: installed", essential=False)
    remedy = f"Needed only for that. {install_extra(name)}"
    return Check(label, False, f"{purpose}: not installed ({', '.join(missing)})", remedy, essential=False)


def check_program(name: str, which: Which = shutil.which) -> Check:
    """Whether a program of the system can be found; only said, since videos are analysed without it."""
    purpose, others, packages = PROGRAMS[name]
    found = next((path for each in (name, *others) if (path := which(each))), None)
    if found is not None:
        return Check(name, True, f"{purpose}: installed, {found}", essential=False)
    remedy = f"Needed only for that. {install_command(packages, which)}"
    return Check(name, False, f"{purpose}: not installed", remedy, essential=False)


def check_rivals(version: Callable[[str], str] = metadata.version) -> Check | None:
    """Whether a second OpenCV overwrites the first; None if there is only one."""
    found = []
    for rival in RIVALS:
        try:
            version(rival)
        except metadata.PackageNotFoundError:
            continue
        found.append(rival)
    if not found:
        return None
    names = " and ".join(found)
    pip = f"{sys.executable} -m pip"
    remedy = f"Run: {pip} uninstall -y {' '.join(found)} opencv-contrib-python && {pip} install opencv-contrib-python"
    return Check("OpenCV", False, f"{names} overwrites opencv-contrib-python", remedy, essential=False)


def check_pose_model() -> Check:
    """The bundled network: its checksum, and that it starts."""
    import numpy as np

    from coach.perception.pose_estimator import MODEL_PATH, PoseEstimator
    from coach.types import Frame

    try:
        with PoseEstimator() as estimator:
            estimator.estimate(Frame(0.0, np.zeros((64, 64, 3), np.uint8)))
    except CoachError as error:
        return Check("pose model", False, error.problem, error.remedy)
    return Check("pose model", True, f"{MODEL_PATH.name}: checksum right, starts")


def check_exercises() -> Check:
    """The built-in exercise files."""
    from coach.definitions.exercise import builtin_names, load_exercise

    try:
        names = builtin_names()
        for name in names:
            load_exercise(name)
    except CoachError as error:
        return Check("exercises", False, error.problem, error.remedy)
    return Check("exercises", bool(names), ", ".join(names) or "none found", "" if names else INSTALL)


def check_writing(folder: Path | None = None) -> Check:
    """Whether results can be written here."""
    folder = folder or Path.cwd()
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        why = error.strerror or str(error)
        return Check(
            "this folder", False, f"cannot be written to ({why})", "Choose another with --out", essential=False
        )
    return Check("this folder", True, "results can be written here", essential=False)


def check_cameras(find: Callable[[], list[CameraInfo]] | None = None) -> Check:
    """Cameras that open."""
    from coach.video.camera import list_cameras

    cameras = (find or list_cameras)()
    if not cameras:
        remedy = (
            "Needed only to practise. Plug one in, close programs that use it, and allow this one to use the camera"
        )
        return Check("cameras", False, "none can be opened", remedy, essential=False)
    says = ", ".join(f"{c.number} ({c.size_px[0]} x {c.size_px[1]})" for c in cameras)
    return Check("cameras", True, says, essential=False)


def check_window() -> Check:
    """Whether a window can be shown, by the same check that the window itself makes."""
    try:
        check_screen()
    except ScreenError as error:
        return Check("screen", False, error.problem, f"Needed only for 'coach live'. {error.remedy}", essential=False)
    return Check("screen", True, "a window can be shown", essential=False)


def examine() -> Iterator[Check]:
    """Examine everything, quick checks first."""
    from coach.video.stderr import quiet_stderr

    yield check_python()
    deadly = find_deadly()
    ends = "" if deadly is None else f"{PACKAGES.get(deadly[0], deadly[0])} ends Python ({deadly[1]})"
    dead = False
    for module, package in PACKAGES.items():
        if deadly is not None and module == deadly[0]:
            dead = True
            yield Check(package, False, ends, reinstall(module))
        elif dead:
            yield Check(package, False, f"not checked: {ends}", MEND_FIRST)
        else:
            with quiet_stderr():
                check = check_package(module, package)
            yield check
    rivals = check_rivals()
    if rivals is not None:
        yield rivals
    yield from (check_extra(name) for name in EXTRAS)
    if sys.platform.startswith("linux"):  # elsewhere the system has a voice, and browsers are not on the path
        yield from (check_program(name) for name in PROGRAMS)
    looks = (check_pose_model, check_exercises, check_writing, check_cameras, check_window)
    for look in looks:
        needs_packages = look not in (check_writing, check_window)
        if deadly is not None and (look is check_pose_model or (dead and needs_packages)):
            remedy = MEND_FIRST if dead else INSTALL
            yield Check(_name_of(look), False, f"not checked: {ends}", remedy)
        else:
            yield _looked_at(look)


def _looked_at(look: Callable[[], Check]) -> Check:
    """The result of a check, or its failure. Only Ctrl-C ends the examination."""
    try:
        return look()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        broken = cannot_be_loaded(error)
        remedy = broken.remedy if broken is not None else INSTALL
        return Check(_name_of(look), False, f"could not be checked: {in_short(error)}", remedy)


def _name_of(look: Callable[[], Check]) -> str:
    return look.__name__.removeprefix("check_").replace("_", " ")
