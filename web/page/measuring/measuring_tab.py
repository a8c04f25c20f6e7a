"""The second tab: measures answers on a question set and shows why a question failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from corpus.errors import ShuttenError
from corpus.question_sets import Question
from qa.assistant import Assistant
from qa.evaluation import plots, report
from qa.evaluation.results import Results
from web.gate import Gate
from web.page.measuring.question_runs import (
    BUNDLED_SETS,
    Patient,
    explanation,
    measure,
    missed_questions,
    progress,
)
from web.page.measuring.run_queue import Run, Runs, StoppedError
from web.page.notices import bilingual, error_line
from web.page.strings import translated

STARTS = "start", "start_own"  # API names of the functions that start a run
_PROGRESS_SECONDS = 1.0  # between two questions of the page for the progress of a run
_HIDDEN: dict[str, Any] = {
    "api_visibility": "private",
    "show_progress": "hidden",
    # Without a limit, these calls do not wait in the queue of Gradio, where they would delay the
    # questions of readers.
    "concurrency_limit": None,
}
Changes = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class MeasuringComponents:
    """The components that a run changes.

    Attributes:
        clock: Asks for the progress of the run. It is active only during a run.
        stop: Stops the run. It is visible only during a run.
        trouble: The progress of the run, or why there are no figures.
        figures: The summary of the results.
        plots: The plots of `qa.evaluation.plots.figures`.
        missed: The questions whose first sentence is wrong.
        why: The ranking of one of these questions.
        asked: The answerable questions of the run, by id.
    """

    clock: gr.Timer
    stop: gr.Button
    trouble: gr.HTML
    figures: gr.Markdown
    plots: tuple[gr.Plot, ...]
    missed: gr.Radio
    why: gr.HTML
    asked: gr.State

    @property
    def all(self) -> list[Any]:
        """All components."""
        parts = [self.clock, self.stop, self.trouble, self.figures, self.missed, self.why]
        return [*parts, self.asked, *self.plots]

    def going(self, run: Run) -> Changes:
        """Return the changes that show a run and its progress."""
        return {
            self.clock: gr.update(active=True),
            self.stop: gr.update(visible=True),
            self.trouble: progress(run.done),
        }

    def ended(self, markup: str = "") -> Changes:
        """Return the changes after a run. `markup` says why there are no results."""
        return {
            self.clock: gr.update(active=False),
            self.stop: gr.update(visible=False),
            self.trouble: markup,
        }

    def results(self, results: Results) -> Changes:
        """Return the changes that show what a run measured."""
        missed = missed_questions(results)
        drawn = plots.figures(results)
        places = zip(self.plots, ("systems", "confidence", "reliability"), strict=True)
        return {
            **self.ended(),
            self.figures: report.summary(results),
            self.missed: gr.update(choices=missed, value=None, visible=bool(missed)),
            self.why: "",
            self.asked: {ranking.question.id: ranking.question for ranking in results.rankings},
            **{
                plot: gr.update(value=drawn.get(name), visible=name in drawn)
                for plot, name in places
            },
        }


@dataclass(frozen=True, slots=True)
class Measuring:
    """The functions of the tab."""

    assistant: Assistant
    gate: Gate
    components: MeasuringComponents
    runs: Runs

    def chosen(self, name: str, request: gr.Request) -> Changes:
        """Start a run of a bundled question set."""
        if name not in BUNDLED_SETS:
            return self.components.ended(bilingual("no_file"))
        return self._start(*BUNDLED_SETS[name], request)

    def own(self, file: str | None, request: gr.Request) -> Changes:
        """Start a run of an uploaded question set. If the upload failed, nothing is run."""
        if not file:
            return self.components.ended(bilingual("no_file"))
        return self._start(Path(file), None, request)

    def look(self, request: gr.Request) -> Changes:
        """Show the progress of the run of a session, or its outcome."""
        run = self.runs.look(request.session_hash or "")
        if run is None:  # the server was restarted
            return self.components.ended()
        if isinstance(run.outcome, StoppedError):
            return self.components.ended(bilingual("stopped"))
        if isinstance(run.outcome, ShuttenError):
            return self._failure(run.outcome)
        if isinstance(run.outcome, Results):
            return self.components.results(run.outcome)
        return self.components.going(run)

    def stop(self, request: gr.Request) -> None:
        """Stop the run of a session."""
        self.runs.stop(request.session_hash or "")

    def explain(self, questions: dict[str, Question], chosen: str) -> str:
        """Return why a question of the last run failed, as HTML."""
        question = questions.get(str(chosen))
        if not question:
            return ""
        try:
            with self.gate.turn():
                return explanation(self.assistant, question)
        except ShuttenError as error:
            return error_line(error, self.assistant.home)

    def _start(self, path: Path, split: str | None, request: gr.Request) -> Changes:
        try:
            self.runs.start(request.session_hash or "", self._work(path, split))
        except ShuttenError as error:
            return self._failure(error)
        return self.look(request)

    def _work(self, path: Path, split: str | None) -> Callable[[Run], Results]:
        def work(run: Run) -> Results:
            def report_progress(done: float) -> None:
                run.done = done

            patient = Patient(self.assistant, self.gate, run.check)
            try:
                return measure(patient, path, split, report_progress)
            except StoppedError:
                raise
            except ShuttenError as error:
                # The folder of an uploaded file is not shown.
                raise ShuttenError(str(error).replace(str(path), path.name)) from None

        return work

    def _failure(self, error: ShuttenError) -> Changes:
        return self.components.ended(error_line(error, self.assistant.home))


def add(assistant: Assistant, gate: Gate, runs: Runs) -> None:
    """Add the components of the tab and connect their functions."""
    sets = list(BUNDLED_SETS)
    with gr.Row(elem_id="shutten-trial"):
        with gr.Column():
            chosen = gr.Dropdown(sets, value=sets[0], label=translated("set"))
            start = gr.Button(translated("run"), variant="primary")
        with gr.Column():
            # Files of any type are accepted, so that an error message can tell what is wrong.
            upload = gr.File(label=translated("upload"), height=140)
            start_own = gr.Button(translated("run_own"), variant="primary")
    clock = gr.Timer(_PROGRESS_SECONDS, active=False)
    stop = gr.Button(translated("stop"), visible=False, elem_id="shutten-stop")
    trouble = gr.HTML(elem_id="shutten-trouble")
    figures = gr.Markdown(elem_id="shutten-figures")
    with gr.Row():
        plots = tuple(gr.Plot(show_label=False, visible=False) for _ in range(3))
    missed = gr.Radio([], label=translated("failed"), visible=False, elem_id="shutten-missed")
    why = gr.HTML(elem_id="shutten-why")
    asked = gr.State(dict[str, Question]())
    components = MeasuringComponents(clock, stop, trouble, figures, plots, missed, why, asked)
    measuring = Measuring(assistant, gate, components, runs)
    start.click(measuring.chosen, [chosen], components.all, api_name=STARTS[0], **_HIDDEN)
    start_own.click(measuring.own, [upload], components.all, api_name=STARTS[1], **_HIDDEN)
    clock.tick(measuring.look, None, components.all, **_HIDDEN)
    stop.click(measuring.stop, None, None, **_HIDDEN)
    missed.input(measuring.explain, [asked, missed], [why], **_HIDDEN)
