"""The second tab: measure on a question set, and see why a question failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from corpus.errors import ShuttenError
from corpus.questions import Question, load_questions
from qa import report
from qa.assistant import Assistant
from web.errors import for_client
from web.gate import Gate
from web.markup import alert, bilingual
from web.measuring import Patient, bundled_sets, explanation, failed, measured
from web.words import said

_HIDDEN: dict[str, Any] = {"api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class Shown:
    """The components that a run changes.

    Attributes:
        stop: Ends the run; seen only while there is one.
        trouble: Why there are no figures.
        figures: The summary.
        plots: Of `qa.report.figures`.
        missed: The questions whose first sentence is wrong.
        why: What was retrieved for one of them.
        asked: All questions of the set by id.
    """

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
        parts = [self.stop, self.trouble, self.figures, self.missed, self.why, self.asked]
        return [*parts, *self.plots]

    def results(self, results: dict[str, Any], questions: dict[str, Question]) -> dict[Any, Any]:
        """What a run found, in its places."""
        wrong = failed(results, {one.id: one.text for one in questions.values()})
        drawn = report.figures(results)
        plots = zip(self.plots, ("systems", "confidence", "reliability"), strict=True)
        return {
            self.stop: gr.update(visible=False),
            self.trouble: "",
            self.figures: report.summary(results),
            self.missed: gr.update(choices=wrong, value=None, visible=bool(wrong)),
            self.why: "",
            self.asked: questions,
            **{plot: gr.update(value=drawn.get(key), visible=key in drawn) for plot, key in plots},
        }

    def failure(self, markup: str) -> dict[Any, Any]:
        """No results, and why."""
        return {self.stop: gr.update(visible=False), self.trouble: markup}


class StoppedError(ShuttenError):
    """The reader stopped the run."""


class Runs:
    """Runs question sets, one for each session, which may stop it."""

    def __init__(self, assistant: Assistant, gate: Gate, shown: Shown) -> None:
        self._assistant, self._gate, self._shown = assistant, gate, shown
        self._stopped: set[str | None] = set()  # sessions

    def stop(self, request: gr.Request) -> None:
        """End the run of a session at its next question."""
        self._stopped.add(request.session_hash)

    def chosen(
        self,
        name: str,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> Iterator[dict[Any, Any]]:
        """Run a set that ships."""
        path, split = bundled_sets().get(name, (Path(), None))
        yield from self._run(path, split, request.session_hash, progress)

    def own(
        self,
        file: str | None,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> Iterator[dict[Any, Any]]:
        """Run a set of the reader's; never another when the file was not taken."""
        if not file:
            yield self._shown.failure(bilingual("no_file"))
            return
        yield from self._run(Path(file), None, request.session_hash, progress)

    def _run(
        self, path: Path, split: str | None, session: str | None, progress: gr.Progress
    ) -> Iterator[dict[Any, Any]]:
        def check() -> None:
            if session in self._stopped:
                raise StoppedError("stopped")

        self._stopped.discard(session)
        yield {self._shown.stop: gr.update(visible=True), self._shown.trouble: ""}
        try:
            patient = Patient(self._assistant, self._gate, check)
            results = measured(patient, path, split, lambda done: progress(done))
        except StoppedError:
            yield self._shown.failure(bilingual("stopped"))
        except ShuttenError as error:
            line, _ = for_client(error, self._assistant.home)
            yield self._shown.failure(alert(line.replace(str(path), path.name)))
        else:
            yield self._shown.results(results, {one.id: one for one in load_questions(path)})


def add(assistant: Assistant, gate: Gate) -> None:
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
    stop = gr.Button(said("stop"), visible=False, elem_id="shutten-stop")
    trouble = gr.HTML(elem_id="shutten-trouble")
    figures = gr.Markdown(elem_id="shutten-figures")
    with gr.Row():
        plots = tuple(gr.Plot(show_label=False, visible=False) for _ in range(3))
    missed = gr.Radio([], label=said("failed"), visible=False, elem_id="shutten-missed")
    why = gr.HTML(elem_id="shutten-why")
    asked = gr.State(dict[str, Question]())

    def explain(questions: dict[str, Question], chosen: str) -> str:
        question = questions.get(str(chosen))
        return explanation(Patient(assistant, gate), question) if question else ""

    shown = Shown(stop, trouble, figures, plots, missed, why, asked)
    runs = Runs(assistant, gate, shown)
    one: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "trial", **_HIDDEN}
    one["show_progress_on"] = [figures]
    start.click(runs.chosen, [chosen], shown.all, **one)
    start_own.click(runs.own, [given], shown.all, **one)
    stop.click(runs.stop, None, None, **_HIDDEN)
    missed.input(explain, [asked, missed], [why], show_progress="hidden", **_HIDDEN)
