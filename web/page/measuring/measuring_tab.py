"""The second tab: measure on a question set, and see why a question failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from corpus.errors import ShuttenError
from corpus.question_sets import Question, load_questions
from qa.assistant import Assistant
from qa.evaluation import report
from web.errors import for_client
from web.gate import Gate
from web.page.markup import alert, bilingual
from web.page.measuring.question_runs import (
    Patient,
    bundled_sets,
    explanation,
    failed,
    measured,
    progress,
)
from web.page.measuring.run_queue import Run, Runs, StoppedError
from web.page.strings import said

STARTS = "start", "start_own"  # what the functions that start a run are called
_EVERY = 1.0  # seconds; so often the page asks how far a run is
_HIDDEN: dict[str, Any] = {
    "api_visibility": "private",
    "show_progress": "hidden",
    # Nothing here waits in Gradio's queue, where it would be in the way of questions.
    "concurrency_limit": None,
}
Changes = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """The components that a run changes.

    Attributes:
        clock: Asks how far the run is, while there is one.
        stop: Ends the run; seen only while there is one.
        trouble: How far it is, or why there are no figures.
        figures: The summary.
        plots: Of `qa.evaluation.report.figures`.
        missed: The questions whose first sentence is wrong.
        why: What was retrieved for one of them.
        asked: All questions of the set by id.
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
        """The components one by one."""
        parts = [self.clock, self.stop, self.trouble, self.figures, self.missed, self.why]
        return [*parts, self.asked, *self.plots]

    def going(self, run: Run) -> Changes:
        """A run, and how far it is."""
        return {
            self.clock: gr.update(active=True),
            self.stop: gr.update(visible=True),
            self.trouble: progress(run.done),
        }

    def ended(self, markup: str = "") -> Changes:
        """No run any more; and if there are no results, why."""
        return {
            self.clock: gr.update(active=False),
            self.stop: gr.update(visible=False),
            self.trouble: markup,
        }

    def results(self, results: dict[str, Any], questions: dict[str, Question]) -> Changes:
        """What a run found, in its places."""
        wrong = failed(results, {one.id: one.text for one in questions.values()})
        drawn = report.figures(results)
        plots = zip(self.plots, ("systems", "confidence", "reliability"), strict=True)
        return {
            **self.ended(),
            self.figures: report.summary(results),
            self.missed: gr.update(choices=wrong, value=None, visible=bool(wrong)),
            self.why: "",
            self.asked: questions,
            **{plot: gr.update(value=drawn.get(key), visible=key in drawn) for plot, key in plots},
        }


@dataclass(frozen=True, slots=True)
class Trial:
    """What happens in the tab."""

    assistant: Assistant
    gate: Gate
    shown: Shown
    runs: Runs

    def chosen(self, name: str, request: gr.Request) -> Changes:
        """Run a set that ships."""
        if name not in bundled_sets():
            return self.shown.ended(bilingual("no_file"))
        return self._start(*bundled_sets()[name], request)

    def own(self, file: str | None, request: gr.Request) -> Changes:
        """Run a set of the reader's; never another when the file was not taken."""
        if not file:
            return self.shown.ended(bilingual("no_file"))
        return self._start(Path(file), None, request)

    def look(self, request: gr.Request) -> Changes:
        """How far the run of a session is, or what came of it."""
        run = self.runs.look(request.session_hash or "")
        if run is None:  # the server was started anew
            return self.shown.ended()
        if isinstance(run.outcome, StoppedError):
            return self.shown.ended(bilingual("stopped"))
        if run.outcome is None:
            return self.shown.going(run)
        if isinstance(run.outcome, ShuttenError):
            return self._failure(run.outcome)
        return self.shown.results(run.outcome["results"], run.outcome["questions"])

    def stop(self, request: gr.Request) -> None:
        """End the run of a session."""
        self.runs.stop(request.session_hash or "")

    def explain(self, questions: dict[str, Question], chosen: str) -> str:
        """Why a question of the last run failed, as HTML."""
        question = questions.get(str(chosen))
        if not question:
            return ""
        try:
            with self.gate.turn():
                return explanation(self.assistant, question)
        except ShuttenError as error:
            return alert(for_client(error, self.assistant.home)[0])

    def _start(self, path: Path, split: str | None, request: gr.Request) -> Changes:
        try:
            self.runs.start(request.session_hash or "", self._work(path, split))
        except ShuttenError as error:
            return self._failure(error)
        return self.look(request)

    def _work(self, path: Path, split: str | None) -> Callable[[Run], dict[str, Any]]:
        def work(run: Run) -> dict[str, Any]:
            def step(done: float) -> None:
                run.done = done

            patient = Patient(self.assistant, self.gate, run.check)
            try:
                results = measured(patient, path, split, step)
                questions = {one.id: one for one in load_questions(path)}
            except StoppedError:
                raise
            except ShuttenError as error:
                # Where an uploaded file lies is nobody's business.
                raise ShuttenError(str(error).replace(str(path), path.name)) from None
            return {"results": results, "questions": questions}

        return work

    def _failure(self, error: ShuttenError) -> Changes:
        return self.shown.ended(alert(for_client(error, self.assistant.home)[0]))


def add(assistant: Assistant, gate: Gate, runs: Runs) -> None:
    """Lay the tab out and connect it."""
    sets = list(bundled_sets())
    with gr.Row(elem_id="shutten-trial"):
        with gr.Column():
            chosen = gr.Dropdown(sets, value=sets[0], label=said("set"))
            start = gr.Button(said("run"), variant="primary")
        with gr.Column():
            # A file of any kind is taken, so that it can be said what is wrong with it.
            given = gr.File(label=said("upload"), height=140)
            start_own = gr.Button(said("run_own"), variant="primary")
    clock = gr.Timer(_EVERY, active=False)
    stop = gr.Button(said("stop"), visible=False, elem_id="shutten-stop")
    trouble = gr.HTML(elem_id="shutten-trouble")
    figures = gr.Markdown(elem_id="shutten-figures")
    with gr.Row():
        plots = tuple(gr.Plot(show_label=False, visible=False) for _ in range(3))
    missed = gr.Radio([], label=said("failed"), visible=False, elem_id="shutten-missed")
    why = gr.HTML(elem_id="shutten-why")
    asked = gr.State(dict[str, Question]())
    shown = Shown(clock, stop, trouble, figures, plots, missed, why, asked)
    trial = Trial(assistant, gate, shown, runs)
    start.click(trial.chosen, [chosen], shown.all, api_name=STARTS[0], **_HIDDEN)
    start_own.click(trial.own, [given], shown.all, api_name=STARTS[1], **_HIDDEN)
    clock.tick(trial.look, None, shown.all, **_HIDDEN)
    stop.click(trial.stop, None, None, **_HIDDEN)
    missed.input(trial.explain, [asked, missed], [why], **_HIDDEN)
