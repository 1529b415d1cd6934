"""``coach evaluate``: how right the coach is, on clips whose truth is known."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from coach.cli.errors import BAD_INPUT, SOME_FAILED, complain
from coach.cli.options import check_fps, usable_folder
from coach.ending import code_of
from coach.errors import CoachError, OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.definitions.exercise import Exercise
    from coach.evaluate.observations import Cache, Clip, Network
    from coach.evaluate.run import By, Scored
    from coach.session.result import Result

GROUPINGS = ("person", "exercise", "view")
NETWORKS = ("as-used", "every", "raw", "tracked")
PEOPLE = "people.json"
PIPED_WIDTH = 160  # no screen to fit: rows are not wrapped


def evaluate(
    clips_dir: Annotated[
        Path, typer.Argument(metavar="CLIPS_DIR", help="A folder with NAME.truth.json beside each NAME.mp4.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, and nothing else.")] = False,
    by: Annotated[
        str | None, typer.Option(metavar="person|exercise|view", help="The figures of each group, and their spread.")
    ] = None,
    jobs: Annotated[int, typer.Option(help="Clips watched at the same time.")] = 1,
    fps: Annotated[float, typer.Option(help="Pictures looked at in a second of video, at most.")] = 15.0,
    cache: Annotated[
        Path | None,
        typer.Option(metavar="DIR", readable=False, help="Where observations are kept; your cache folder if left out."),
    ] = None,
    network: Annotated[
        str, typer.Option(metavar="as-used|every|raw|tracked", help="How the pose network is run, to compare the ways.")
    ] = "as-used",
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the summary as a Markdown table.")] = False,
    plots: Annotated[
        Path | None,
        typer.Option(metavar="DIR", readable=False, help="Write Bland-Altman plots there (SVG)."),
    ] = None,
    raters: Annotated[
        tuple[Path, Path] | None,
        typer.Option(metavar="A B", help="Two raters' folders of truth files: how far they agree."),
    ] = None,
) -> None:
    """Measure the accuracy: analyse clips whose truth is known, and compare.

    \b
      coach evaluate samples                   a row for each clip, then every figure with its target
      coach evaluate clips --by person         figures per person, and what leaving each one out changes
      coach evaluate clips --json > now.json   the same as data
      coach evaluate clips --jobs 4            watch four clips at the same time
      coach evaluate clips --raters anna ben   how far two who marked the clips agree, and the coach with each
      coach evaluate clips --plots figures     Bland-Altman plots of drop, opening, hold and breaths

    What is seen in a clip is cached (joints and chest motion, no pictures), so that the next run only judges again,
    within seconds. docs/measuring.md explains the figures and the truth files.

    Exit code 0: all clips were analysed, however well. 1: some could not be. 2: none could. 130: stopped by Ctrl-C.
    """
    check_fps(fps)
    grouping, way = _check_by(by), _check_network(network)
    _check_together(jobs, as_json, markdown, by, raters)

    from rich.console import Console

    from coach.app.analyse import choose_exercises
    from coach.evaluate.observations import Cache, default_cache, find_clips
    from coach.evaluate.people_file import read_people
    from coach.evaluate.run import as_data
    from coach.evaluate.run import evaluate as figures_of
    from coach.evaluate.tables import readme_block, show

    kept = Cache(cache or default_cache(), fps, way)
    run = _Run(choose_exercises("auto"), kept)
    if raters is not None:
        _compare_raters(run, raters, clips_dir, jobs, as_json, plots)
        return
    clips, missing = find_clips(clips_dir)
    people = read_people(clips_dir / PEOPLE)
    for error in missing:
        run.fail(error.problem.partition(":")[0], error)
    stopped = 0
    try:
        run.watch(clips, jobs)
        run.judge(clips)
    except KeyboardInterrupt as error:
        stopped = code_of(error)
        run.judge([clip for clip in clips if kept.has(clip.video)])
    if run.scored:
        counts_from = next(e.movement.counts_from for e in run.exercises if e.movement is not None)
        found = figures_of(run.scored, run.failed, grouping, people, counts_from)
        if as_json:
            typer.echo(json.dumps(as_data(found), ensure_ascii=False))
        elif markdown:
            typer.echo(readme_block(found))
        else:
            screen = Console()
            show(found, screen if screen.is_terminal else Console(width=PIPED_WIDTH))
        if plots is not None:
            from coach.evaluate.plots import write_plots

            for path in write_plots(found.agreements, usable_folder(plots, "--plots")):
                typer.echo(f"wrote {path}", err=as_json or markdown)
    if stopped:
        complain(f"stopped; {len(run.scored)} of {len(clips)} clips are finished, and what was seen of them is kept")
        raise typer.Exit(stopped)
    if run.failed:
        raise typer.Exit(SOME_FAILED if run.scored else BAD_INPUT)


def _compare_raters(
    run: _Run, raters: tuple[Path, Path], clips_dir: Path, jobs: int, as_json: bool, plots: Path | None
) -> None:
    from rich.console import Console

    from coach.cli.evaluate_raters import as_json as json_of
    from coach.cli.evaluate_raters import compare_raters, show, write_plots

    def judge(clips: Sequence[Clip]) -> dict[str, Result]:
        run.watch(clips, jobs)
        return run.results(clips)

    found = compare_raters(raters, clips_dir, judge, run.fail)
    if as_json:
        typer.echo(json_of(found))
    else:
        screen = Console()
        show(found, screen if screen.is_terminal else Console(width=PIPED_WIDTH))
    if plots is not None:
        write_plots(found, usable_folder(plots, "--plots"))
    if run.failed:
        raise typer.Exit(SOME_FAILED)


class _Run:
    """One run of the command: what is finished so far, and what failed."""

    def __init__(self, exercises: Sequence[Exercise], cache: Cache) -> None:
        self.exercises = exercises
        self._cache = cache
        self.scored: list[Scored] = []
        self.failed: dict[str, str] = {}

    def fail(self, name: str, error: CoachError) -> None:
        """Record and report that a clip cannot be analysed."""
        self.failed[name] = str(error)
        complain(error)

    def watch(self, clips: Sequence[Clip], jobs: int) -> None:
        """Observe the clips that have not been observed before."""
        from coach.cli.progress_bar import progress_bar
        from coach.evaluate.observations import observe, observe_all
        from coach.video.file import VideoFile

        new = [clip for clip in clips if not self._cache.has(clip.video)]
        if not new:
            return
        if jobs == 1:
            for number, clip in enumerate(new, start=1):
                try:
                    with VideoFile(clip.video) as source:
                        duration_s = source.info.duration_s
                    with progress_bar(f"{clip.name}, {number} of {len(new)}", duration_s) as move_on:
                        kept = self._cache
                        observe(clip.video, kept.path(clip.video), kept.fps, kept.network, move_on)
                except CoachError as error:
                    self.fail(clip.name, error)
            return
        names = {clip.video: clip.name for clip in new}
        with (
            progress_bar(f"watching {len(new)} clips", len(new)) as move_on,
            closing(observe_all(list(names), self._cache, jobs)) as watched,
        ):
            for number, (video, problem) in enumerate(watched, start=1):
                move_on(number)
                if problem is not None:
                    self.fail(names[video], problem)

    def judge(self, clips: Sequence[Clip]) -> None:
        """Judge and score what was observed."""
        from coach.evaluate.cues import score_cues
        from coach.evaluate.observations import judge_or_discard, judge_recording
        from coach.evaluate.run import Scored
        from coach.evaluate.score import of_exercise, score
        from coach.evaluate.truth import read_truths

        done = {scored.truth.clip for scored in self.scored} | set(self.failed)
        for clip in clips:
            if clip.name in done:
                continue
            try:
                truths = read_truths(clip.truth)
                judged = judge_or_discard(self._cache.recording(clip.video), self.exercises, self._cache)
            except CoachError as error:
                self.fail(clip.name, error)
                continue
            for truth in truths:  # one for each exercise in the clip
                found = of_exercise(judged.result, truth.exercise) if len(truths) > 1 else judged.result
                silent = judged.not_judged.get(truth.exercise or "", {})
                # As somebody practises: with the exercise chosen, if there is one.
                chosen = [each for each in self.exercises if each.name == truth.exercise] or self.exercises
                live = judged
                if chosen != self.exercises:
                    live = judge_recording(self._cache.recording(clip.video), chosen)
                scored = replace(score(truth, found, silent), cues=score_cues(truth, live.said, live.duration_s))
                self.scored.append(Scored(truth, scored))

    def results(self, clips: Sequence[Clip]) -> dict[str, Result]:
        """What the coach says of each clip that was observed."""
        from coach.evaluate.observations import judge_or_discard

        found = {}
        for clip in clips:
            if clip.name not in self.failed:
                try:
                    recording = self._cache.recording(clip.video)
                    found[clip.name] = judge_or_discard(recording, self.exercises, self._cache).result
                except CoachError as error:
                    self.fail(clip.name, error)
        return found


def _check_together(jobs: int, as_json: bool, markdown: bool, by: str | None, raters: tuple[Path, Path] | None) -> None:
    if jobs < 1:
        raise OptionError(f"--jobs is {jobs}", "Use 1 or more")
    if as_json and markdown:
        raise OptionError("--json and --markdown are both given", "Choose one of them")
    if raters is not None and (markdown or by is not None):
        raise OptionError("--raters compares people", "Leave out --markdown and --by")


def _check_by(by: str | None) -> By | None:
    if by is not None and by not in GROUPINGS:
        raise OptionError(f"--by is '{by}'", f"Use {', '.join(GROUPINGS[:-1])} or {GROUPINGS[-1]}")
    return cast("By | None", by)


def _check_network(network: str) -> Network:
    if network not in NETWORKS:
        raise OptionError(f"--network is '{network}'", f"Use {', '.join(NETWORKS[:-1])} or {NETWORKS[-1]}")
    return cast("Network", network)


def register(app: typer.Typer) -> None:
    """Add the command."""
    from coach.cli.app import guarded

    app.command("evaluate", short_help="Measure the accuracy on clips with known truth.")(guarded(evaluate))
