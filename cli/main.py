"""The `shutten` command: arguments, help and exit codes. The work is done in `cli.commands`."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from corpus import arguments
from corpus.errors import ShuttenError
from qa.signals import stoppable

ANSWERED, NOT_FOUND, WRONG, STOPPED = 0, 1, 2, 130
_OUTPUT = "the output cannot be written"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 answered or done, 1 not found, 2 usage or input error, 128 and the number of the signal
        when one stopped it.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:2] == ["eval", "squad"]:
        arguments[:2] = ["eval-squad"]
    options = _parser().parse_args(arguments)
    # Nothing is ever asked of a model hub unless the user names a hub model while online.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    _speak_utf8()
    try:
        with stoppable():
            from cli import commands

            code = getattr(commands, options.run)(options)
            sys.stdout.flush()
            return int(code)
    except ShuttenError as error:
        print(f"shutten: {' '.join(str(error).split())}", file=sys.stderr)
        return WRONG
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return ANSWERED
    except OSError as error:
        place = f"{error.filename}: cannot be used" if error.filename else _OUTPUT
        print(f"shutten: {place} ({error.strerror or error})", file=sys.stderr)
        return WRONG
    except KeyboardInterrupt as stop:
        said = ["stopped", *getattr(stop, "__notes__", ())]
        print(f"shutten: {'; '.join(said)}", file=sys.stderr)
        return getattr(stop, "code", STOPPED)


def _speak_utf8() -> None:
    """Japanese on any console; broken code units as escapes, which JSON reads back."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("shutten")
    except PackageNotFoundError:
        return "unknown (not installed)"


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        # What was typed may hold line breaks and other signs that move the cursor.
        line = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", message).split())
        self.exit(WRONG, f"shutten: {line}; see `{self.prog} --help`\n")


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"shutten {_version()}")
        parser.exit()


def _folder(name: str) -> Path:
    try:
        return arguments.require_path(name, "the data folder")
    except ShuttenError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _parser() -> _Parser:
    parser = _Parser(
        "shutten",
        description="Ask a joint statement a question in any language, get its exact words back.",
        epilog="Exit codes: 0 answered or done, 1 not found, 2 usage or input error.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    shared = _Parser(add_help=False)
    shared.add_argument(
        "--home",
        type=_folder,
        metavar="DIR",
        help="the data folder (else SHUTTEN_HOME, else the user's data directory); only "
        "`index add` and `model use` make a new one",
    )
    _add_ask(commands, shared)
    _add_verify(commands, shared)
    _add_check(commands, shared)
    _add_index(commands, shared)
    _add_eval(commands, shared)
    _add_chat(commands, shared)
    _add_feedback(commands, shared)
    _add_model(commands, shared)
    return parser


if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[_Parser]


def _add_ask(commands: _Commands, shared: _Parser) -> None:
    ask = commands.add_parser("ask", parents=[shared], help="ask one question, or a file of them")
    ask.add_argument("question", nargs="?", help="the question, in any language")
    ask.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    ask.add_argument(
        "-k",
        type=int,
        default=12,
        metavar="N",
        help="at most N quotes (default: as many as seem to answer, up to 12)",
    )
    ask.add_argument(
        "--history",
        action="append",
        default=[],
        metavar="QUESTION",
        help="an earlier question this one leans on; repeat it, oldest first",
    )
    ask.add_argument(
        "--batch", type=Path, metavar="IN.jsonl", help="questions, one JSON a line; - reads a pipe"
    )
    ask.add_argument("--out", type=Path, metavar="OUT.jsonl", help="where the answers go")
    ask.set_defaults(run="ask")


def _add_verify(commands: _Commands, shared: _Parser) -> None:
    verify = commands.add_parser(
        "verify",
        parents=[shared],
        help="check the quotes of a kept answer against the source, word for word",
        epilog="Exit codes: 0 every quote stands in the source (line breaks, widths and the like "
        "aside), 1 one does not, or its statement is not here, 2 usage or input error.",
    )
    verify.add_argument(
        "answers",
        type=Path,
        metavar="ANSWER.json",
        help="what `ask --json` printed, or the lines of `ask --batch`; - reads a pipe",
    )
    verify.add_argument(
        "--source",
        metavar="FILE",
        help="the statement file to check against (else the indexed statements)",
    )
    verify.add_argument("--json", action="store_true", help="print one JSON object")
    verify.set_defaults(run="verify")


def _add_check(commands: _Commands, shared: _Parser) -> None:
    check = commands.add_parser(
        "check",
        parents=[shared],
        help="put a sentence from a press article beside the source's own words",
        description="Compares words, numbers, months, acronyms and, in one language, names. What "
        "may be a name and cannot be compared is listed as not checked. Meaning is for the reader.",
        epilog="Exit codes: 0 there is a passage about it, 1 there is none, or a number, month or "
        "name of the sentence is not there, 2 usage or input error.",
    )
    check.add_argument("claim", help="the sentence, in any language")
    check.add_argument("--json", action="store_true", help="print one JSON object")
    check.set_defaults(run="check")


def _add_index(commands: _Commands, shared: _Parser) -> None:
    index = commands.add_parser("index", help="the statements that are searched")
    actions = index.add_subparsers(title="actions", metavar="ACTION", required=True)
    add = actions.add_parser("add", parents=[shared], help="add statement files, all or none")
    add.add_argument("paths", nargs="+", metavar="PATH")
    add.add_argument("--id", metavar="ID", help="name the statement (with a single PATH)")
    add.set_defaults(run="index_add")
    listing = actions.add_parser("list", parents=[shared], help="list the statements")
    listing.add_argument("--json", action="store_true", help="print JSON")
    listing.set_defaults(run="index_list")
    remove = actions.add_parser("remove", parents=[shared], help="remove a statement")
    remove.add_argument("id", metavar="ID")
    remove.set_defaults(run="index_remove")
    rebuild = actions.add_parser(
        "rebuild", parents=[shared], help="parse and embed everything anew, with the chosen model"
    )
    rebuild.set_defaults(run="index_rebuild")
    check = actions.add_parser(
        "check", parents=[shared], help="verify every offset, checksum and vector"
    )
    check.set_defaults(run="index_check")


def _add_eval(commands: _Commands, shared: _Parser) -> None:
    own = commands.add_parser(
        "eval",
        parents=[shared],
        help="measure answers on a question set (or `eval squad`: on SQuAD-format files)",
    )
    own.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    own.add_argument("--split", metavar="NAME", help="only questions of this split")
    own.add_argument("--report", type=Path, metavar="DIR", help="write a report with plots there")
    squad = commands.add_parser("eval-squad", parents=[shared], prog="shutten eval squad")
    squad.add_argument("--passages", type=Path, required=True, metavar="FILE")
    squad.add_argument("--questions", type=Path, required=True, metavar="FILE")
    squad.add_argument("--sample", type=int, metavar="N", help="ask N questions drawn at random")
    squad.add_argument("--seed", type=int, default=0, metavar="S", help="of the draw (default 0)")
    for parser in (own, squad):
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--system",
            action="append",
            choices=("full", "dense", "lexical", "hybrid"),
            help="what to measure (default full); repeat it to compare in one run",
        )
    own.set_defaults(run="evaluate")
    squad.set_defaults(run="evaluate_squad")


def _add_chat(commands: _Commands, shared: _Parser) -> None:
    chat = commands.add_parser("chat", parents=[shared], help="open the web chat")
    chat.add_argument("--host", default="127.0.0.1", help="address to listen on (default local)")
    chat.add_argument("--port", type=int, default=7860, help="port to listen on (default 7860)")
    chat.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name that the server is also called by; repeat it for more",
    )
    chat.add_argument(
        "--proxy",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="address or network of a proxy whose X-Forwarded headers are believed; repeat it for "
        "more (default: nobody's)",
    )
    chat.add_argument("--mcp", action="store_true", help="offer tools to agents at /mcp")
    chat.add_argument(
        "--auth-file",
        type=Path,
        metavar="FILE",
        help="only those named in FILE may come in, to the page and to programs",
    )
    chat.add_argument(
        "--add-user",
        metavar="NAME",
        help="add NAME to --auth-file, or change the password, and stop",
    )
    chat.set_defaults(run="chat")


def _add_feedback(commands: _Commands, shared: _Parser) -> None:
    feedback = commands.add_parser(
        "feedback",
        parents=[shared],
        help="write what readers said of answers as a question set for `eval`",
    )
    feedback.add_argument("out", type=Path, metavar="OUT.jsonl")
    feedback.set_defaults(run="feedback")


def _add_model(commands: _Commands, shared: _Parser) -> None:
    model = commands.add_parser("model", help="the model that reads questions and passages")
    actions = model.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", parents=[shared], help="show the models and the choice")
    listing.set_defaults(run="model_list")
    build = actions.add_parser("build", parents=[shared], help="build the bundled model now")
    build.set_defaults(run="model_build")
    use = actions.add_parser("use", parents=[shared], help="choose a model for this data folder")
    use.add_argument("name", metavar="NAME_OR_PATH")
    use.set_defaults(run="model_use")


if __name__ == "__main__":
    sys.exit(main())
