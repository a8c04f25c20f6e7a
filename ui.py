"""The web chat: Gradio events in, `qa` asked, components out.

Nothing of a question or a source reaches the page as markup. Chat turns are HTML with every ASCII
sign but letters and digits written as a character reference, so that neither Markdown nor HTML
finds anything in them; the source panel is data that `web/page.js` turns into text nodes.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent_encoded

# Read by gradio and its libraries while they are imported: no call leaves this machine, and
# with HTTP_PROXY in the environment the launch does not ask the proxy for 127.0.0.1.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
# Otherwise every event rebuilds, with pandas, a table of timings that nobody sees.
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "100")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("NO_PROXY", "127.0.0.1,localhost")

import gradio as gr
from gradio.events import api

from corpus.errors import ShuttenError
from corpus.records import Statement
from qa.answer import Answer, Quote
from qa.assistant import MAX_QUESTION, Assistant
from qa.rendering import citation, confidence_in_words, interface_language

# So many questions of a session are kept, in the browser, and asked anew when it reloads.
MAX_TURNS = 20
_WEB = Path(__file__).with_name("web")
_TABLE = json.loads((_WEB / "words.json").read_text("utf-8"))
_WORDS: dict[str, dict[str, str]] = {code: _TABLE[code] for code in ("en", "ja")}
_I18N = gr.I18n(**{code: {"shutten_ask": words["ask"]} for code, words in _WORDS.items()})
_SIGN = re.compile(r"[\x00\t\n\f\r\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]")


def escaped(text: str) -> str:
    """Text as HTML that Markdown leaves alone and whose textContent is `text` again.

    White space is written as references too, so that no line can become a block of its own.
    NUL, which HTML cannot hold, becomes U+FFFD.
    """
    return _SIGN.sub(lambda sign: f"&#{ord(sign[0]) or 0xFFFD};", text)


def user_turn(question: str) -> gr.MessageDict:
    """A question as a chat message."""
    return {"role": "user", "content": f'<div class="asked">{escaped(question)}</div>'}


def problem(question: str, error: ShuttenError) -> str:
    """What is wrong with a question, for a line above the question box.

    Such a question has no language to answer in, so both are there, and the browser's is shown.
    """
    known = "empty" if not question.strip() else "long" if len(question) > MAX_QUESTION else ""
    if not known:
        return _paragraph("problem", str(error))
    texts = {code: words[known].format(most=MAX_QUESTION) for code, words in _WORDS.items()}
    spans = [f'<span class="ui-{code}">{escaped(text)}</span>' for code, text in texts.items()]
    return f'<p class="problem">{"".join(spans)}</p>'


def answer_turn(answer: Answer, assistant: Assistant) -> gr.MessageDict:
    """An answer as a chat message: whole quotes with citations, or a refusal with neighbours."""
    language = interface_language(answer.language)
    words = _WORDS[language]
    parts = []
    if answer.searched != answer.question.strip():
        parts.append(_paragraph("note", words["understood"].format(question=answer.searched)))
    checked = words["checked"].format(count=answer.passages)
    if answer.status == "answered":
        parts += [_quoted(quote, assistant, language, "blockquote") for quote in answer.quotes]
        if answer.unanswered:
            asked = " / ".join(answer.unanswered)
            parts.append(_paragraph("silent", words["partly"].format(parts=asked)))
        notes = [confidence_in_words(answer.confidence, language), checked]
        sources = {assistant.statement(one.statement) for one in answer.quotes}
        if {one.provenance.language for one in sources} - {"", answer.language}:
            notes.append(words["foreign"])
        parts.append(_paragraph("note", " · ".join(notes)))
    else:
        near = [_quoted(quote, assistant, language, "p") for quote in answer.nearest]
        parts += [
            _paragraph("silent", words[answer.reason or "not_stated"]),
            _paragraph("note", checked),
        ]
        parts.append(f'<div class="nearest">{_paragraph("note", words["nearest"])}')
        parts += [*near, "</div>"]
    # One line: Markdown passes an HTML block through untouched up to the next blank line.
    return {"role": "assistant", "content": f'<div class="answer">{"".join(parts)}</div>'}


def _quoted(quote: Quote, assistant: Assistant, language: str, tag: str) -> str:
    words, about = _WORDS[language], assistant.statement(quote.statement).provenance
    place = f"{quote.passage}-{quote.start}-{quote.end}"
    target = f"#passage-{place}-{percent_encoded(quote.statement, safe='')}"
    spoken = escaped(about.language)
    parts = [f'<{tag} class="words" lang="{spoken}">{escaped(quote.text)}</{tag}>']
    if quote.context:
        parts.append(_paragraph("under", words["under"].format(context=quote.context)))
    link = f'<a href="{target}">{escaped(citation(quote, about, language))}</a>'
    # Gradio's own copy button would copy the character references.
    copy = f'<a href="#copy">{escaped(words["copy"])}</a>'
    return f'<div class="quote">{"".join(parts)}<p class="cite">{link} {copy}</p></div>'


def _paragraph(kind: str, text: str) -> str:
    return f'<p class="{kind}">{escaped(text)}</p>'


def document(statement: Statement) -> dict[str, Any]:
    """A statement as data for the source panel.

    Sentences are `[start, end, text, gap]`, the gap being what stands before the next one.
    Offsets stay code points of the source: the page compares them and never counts with them.
    """
    text = statement.source.text
    passages = []
    for passage in statement.passages:
        ends = [one.start for one in passage.sentences[1:]] + [passage.span.end]
        sentences = [
            [one.start, one.end, one.of(text), text[one.end : end]]
            for one, end in zip(passage.sentences, ends, strict=True)
        ]
        passages.append({"kind": passage.kind, "marker": passage.marker, "sentences": sentences})
    about = statement.provenance
    return {"language": about.language, "title": about.title, "passages": passages}


def panel(answers: Sequence[Answer], assistant: Assistant) -> str:
    """What the source panel shows after the last of `answers`, as JSON.

    It holds every statement the answers cite, so that links in old turns need no server, and the
    quotes to highlight, of which a refusal has none.
    """
    cited = [quote.statement for answer in reversed(answers) for quote in answer.ranked]
    ids = list(dict.fromkeys(cited)) or assistant.statement_ids()[:1]
    quotes = answers[-1].quotes if answers else ()
    data = {
        "documents": {one: document(assistant.statement(one)) for one in ids},
        "show": ids[0] if ids else None,
        "quotes": [[one.statement, one.start, one.end] for one in quotes],
    }
    # gr.HTML looks for tags in its value; there shall be none, whatever the source says.
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def build(assistant: Assistant) -> gr.Blocks:
    """The page, and its one public endpoint `/ask`.

    Args:
        assistant: Answers the questions of all sessions.
    """

    def ask(question: str, history: list[str] | None = None) -> str:
        """Answer a question with verbatim quotes of the statements, or say they are silent.

        Args:
            question: The question, in any language.
            history: Earlier questions of the same conversation, oldest first.

        Returns:
            The answer as JSON: status, quotes with offsets, nearest passages, confidence.
        """
        try:
            answer = assistant.ask(_text(question), _questions(history))
        except ShuttenError as error:
            raise gr.Error(str(error), print_exception=False) from None
        return json.dumps(answer.to_json(), ensure_ascii=False)

    def turn(question: Any, chat: list[Any], asked: Any) -> Iterator[dict[Any, Any]]:
        question, history = _text(question), _questions(asked)
        shown = [*chat, user_turn(question)]
        yield {box: "", turns: shown, notice: ""}
        try:
            answer = assistant.ask(question, history)
            shown.append(answer_turn(answer, assistant))
            yield {
                turns: shown,
                source: panel([answer], assistant),
                stored: [*history, question][-MAX_TURNS:],
            }
        except ShuttenError as error:
            yield {box: question, turns: chat, notice: problem(question, error)}

    def example(chosen: gr.SelectData, asked: Any) -> Iterator[dict[Any, Any]]:
        yield from turn(chosen.value["text"], [], asked)

    def restore(asked: Any) -> tuple[list[gr.MessageDict], str]:
        history, chat, answers = _questions(asked), [], []
        for number, question in enumerate(history):
            answers.append(assistant.ask(question, history[:number]))
            chat += [user_turn(question), answer_turn(answers[-1], assistant)]
        return chat, panel(answers, assistant)

    def clear() -> dict[Any, Any]:
        return {box: "", notice: "", source: panel([], assistant), stored: []}

    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    bare: dict[str, Any] = {"show_label": False, "container": False}
    queued: dict[str, Any] = {"concurrency_id": "ask", "concurrency_limit": 2}
    page: gr.Blocks
    with gr.Blocks(title="Shutten 出典", fill_width=True) as page:
        # A fixed key and secret: with random ones a restarted server would forget the session.
        stored = gr.BrowserState([], storage_key="shutten", secret="questions")  # noqa: S106
        gr.HTML("".join(_TABLE["header"]), elem_id="shutten-header")
        with gr.Row(elem_id="shutten-columns"):
            with gr.Column(elem_id="shutten-chat"):
                turns = gr.Chatbot(
                    examples=[{"text": question} for question in _TABLE["examples"]],
                    placeholder="".join(_TABLE["welcome"]),
                    elem_id="shutten-turns",
                    **bare,
                    layout="panel",
                    latex_delimiters=[],
                    allow_tags=False,
                    # page.js shows a new question at the top; its answer may be a long one.
                    autoscroll=False,
                    buttons=[],
                )
                notice = gr.HTML(elem_id="shutten-notice")
                box = gr.Textbox(
                    placeholder=_I18N("shutten_ask"),
                    label=_I18N("shutten_ask"),
                    **bare,
                    submit_btn=True,
                    max_lines=6,
                    # One more than may be asked: a longer paste is refused, not silently cut.
                    max_length=MAX_QUESTION + 1,
                    autofocus=True,
                    elem_id="shutten-box",
                )
            source = gr.HTML(
                html_template='<article class="document" tabindex="0"></article>',
                js_on_load="shutten.attach(element, props, watch)",
                apply_default_css=False,
                elem_id="shutten-source",
            )
        outputs = [box, turns, notice, source, stored]
        box.submit(turn, [box, turns, stored], outputs, **queued, **hidden)
        turns.example_select(example, [stored], outputs, **queued, **hidden)
        turns.clear(clear, None, outputs, **hidden)
        page.load(restore, [stored], [turns, source], **queued, **hidden)
        api(ask, api_name="ask", **queued)
    page.queue(max_size=32, default_concurrency_limit=2)
    return page


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _questions(value: Any) -> list[str]:
    """Earlier questions as a browser or a client sends them, which may be anything."""
    texts = [_text(one) for one in value] if isinstance(value, list) else []
    return [one for one in texts if one.strip() and len(one) <= MAX_QUESTION][-MAX_TURNS:]


def serve(assistant: Assistant, host: str, port: int) -> gr.Blocks:
    """Start the web server in the background; `close()` of what it returns stops it.

    Raises:
        ShuttenError: Another program has that port, or the host is not an address of here.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # A server just stopped leaves its port in TIME_WAIT, which is no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            message = f"cannot listen on {host}:{port} ({error}); choose another port"
            raise ShuttenError(message) from None
    # In a running event loop, without which Gradio opens a dozen of its own and closes none.
    return asyncio.run(_launched(assistant, host, port))


async def _launched(assistant: Assistant, host: str, port: int) -> gr.Blocks:
    page = build(assistant)
    style, script = [(_WEB / name).read_text("utf-8") for name in ("page.css", "page.js")]
    page.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        ssr_mode=False,
        enable_monitoring=False,
        run_history=False,
        footer_links=[],
        state_session_capacity=200,
        i18n=_I18N,
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
        head=f"<style>{style}</style><script>{script}</script>",
    )
    return page


def main(host: str = "127.0.0.1", port: int = 7860, home: Path | str | None = None) -> None:
    """Serve the chat until interrupted.

    Args:
        host: Address to listen on; any but this machine's own opens the chat to others.
        port: Port to listen on.
        home: Data folder; the usual one when omitted.

    Raises:
        ShuttenError: The port or the data folder cannot be used; the message says why.
    """
    page = serve(Assistant.open(home), host, port)
    print(f"Shutten: {page.local_url}", flush=True)
    page.block_thread()


if __name__ == "__main__":
    try:
        main()
    except ShuttenError as error:
        raise SystemExit(f"shutten: {error}") from None
