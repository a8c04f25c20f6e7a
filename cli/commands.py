"""What each `shutten` command does. Every function takes parsed options, returns an exit code."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from functools import cache
from getpass import getpass
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.files import replacing
from corpus.formats.text import local_path
from corpus.library import load_statement, unknown_key_warnings
from index.building import adding, checking
from index.building.rebuilding import open_store, rebuild
from index.home import named_home
from index.models import catalogue
from index.search.searcher import Searcher
from index.store.originals import Originals
from index.store.store import Store
from qa.answers.answer import Answer
from qa.assistant import Assistant
from qa.batch import answer_file
from qa.listing import guessed_encoding, listed
from qa.proof import verification
from qa.rendering.terminal import claim_to_text, to_text, verdict_counts, verdict_to_text


def ask(options: Namespace) -> int:
    """Answer a question, or a file of questions."""
    if options.batch or options.out:
        if options.question is not None or not (options.batch and options.out):
            raise ShuttenError("give either a question, or both --batch IN.jsonl and --out FILE")
        answer_file(Assistant.open(_home(options)), options.batch, options.out, options.k)
        return 0
    if options.question is None:
        raise ShuttenError('what is the question? e.g. shutten ask "What was agreed on 5G?"')
    assistant = Assistant.open(_home(options))
    answer = assistant.ask(options.question, options.history, options.k)
    if options.json:
        _print_json(answer.to_json())
    else:
        print(to_text(answer, lambda statement: assistant.statement(statement).provenance))
    return _exit_code(answer)


def _exit_code(answer: Answer) -> int:
    return 1 if answer.status == "not_found" else 0


def verify(options: Namespace) -> int:
    """Check the quotes of kept answers against their source."""
    claimed = verification.load(options.answers)
    if options.source:
        given = load_statement(local_path(options.source))
        verdicts = [verification.verify(one, given) for one in claimed]
    else:
        store = _store(options)
        verdicts = verification.verify_all(claimed, store.statement_ids(), cache(store.statement))
    if options.json:
        _print_json(verification.report(verdicts))
    else:
        print("\n".join([*map(verdict_to_text, verdicts), verdict_counts(verdicts)]))
    return 0 if all(verdict.holds for verdict in verdicts) else 1


def check(options: Namespace) -> int:
    """Put a sentence from elsewhere beside the source's words."""
    from qa.proof.claims import check as check_claim

    assistant = Assistant.open(_home(options))
    found = check_claim(assistant, options.claim)
    if options.json:
        _print_json(found.to_json())
    else:
        print(claim_to_text(found, lambda name: assistant.statement(name).provenance))
    return 0 if found.finding in ("verbatim", "found") else 1


def index_add(options: Namespace) -> int:
    """Add statements, all of them or none."""
    if options.id and len(options.paths) > 1:
        raise ShuttenError("--id names one statement; add the paths one by one")
    paths = [local_path(given) for given in options.paths]
    statements = [(load_statement(path, options.id), str(path.resolve())) for path in paths]
    names = [statement.id for statement, _ in statements]
    for name in names:
        if names.count(name) > 1:
            raise ShuttenError(f"two of the files would be called {name!r}; add one with --id")
    store = open_store(named_home(options.home, new=True))
    encoder = catalogue.open_encoder(adding.chosen_model(store))
    given = bool(options.id)
    changes = adding.add(store, encoder, statements, replace_origin=given, leave_copies=not given)
    for path, (statement, _), change in zip(paths, statements, changes, strict=True):
        print(_told(change, guessed_encoding(statement.source)))
        for line in unknown_key_warnings(path):
            print(f"{change.statement}: {line}")
    return 0


def _told(change: adding.Change, encoding: str) -> str:
    if change.outcome == "copy":
        return (
            f"{change.statement}: not added, it has the same bytes as {change.original!r}, which "
            "is there; with `--id NAME` it is added all the same"
        )
    counts = f"{change.passages} passages, {change.embedded} wordings embedded"
    return ", ".join(filter(None, [f"{change.statement}: {change.outcome}", counts, encoding]))


def index_list(options: Namespace) -> int:
    """List the statements, and then refuse if one of them is damaged."""
    store = _store(options)
    statements, damage = [], []
    for name in store.statement_ids():
        try:
            statements.append(store.statement(name))
        except ShuttenError as error:
            damage.append(error)
    if options.json:
        _print_json([listed(one) | {"origin": store.original(one.id).origin} for one in statements])
    elif not store.statement_ids():
        print(f"no statements in {store.home}; add one with `shutten index add PATH`")
    for one in statements if not options.json else ():
        facts = one.provenance
        known = " · ".join(filter(None, [facts.title, facts.date, facts.status]))
        shown = [one.id, f"{len(one.passages)} passages", known or store.original(one.id).origin]
        print("  ".join(filter(None, [*shown, guessed_encoding(one.source)])))
    if damage:
        raise damage[0]
    return 0


def index_remove(options: Namespace) -> int:
    """Remove a statement."""
    adding.remove(_store(options), options.id)
    print(f"{options.id}: removed")
    return 0


def index_rebuild(options: Namespace) -> int:
    """Parse and embed everything anew."""
    store = Originals(_home(options))
    count = rebuild(store, catalogue.open_encoder(adding.chosen_model(store)))
    print(f"rebuilt {len(store.statement_ids())} statements, {count} wordings embedded")
    return 0


def index_check(options: Namespace) -> int:
    """Verify the data folder."""
    store = _store(options)
    problems = checking.check(store)
    for problem in problems:
        print(f"wrong: {problem}", file=sys.stderr)
    if problems:
        found = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise ShuttenError(f"{found} in {store.home}; {_advice(store, len(problems))}")
    if not store.is_empty():  # it must be made with the model that reads the questions
        Searcher(store, catalogue.open_encoder(adding.chosen_model(store)))
    count = sum(len(store.statement(name).passages) for name in store.statement_ids())
    print(f"all well: {len(store.statement_ids())} statements, {count} passages")
    return 0


def _advice(store: Store, problems: int) -> str:
    damaged = len(store.damaged())
    if damaged == problems:
        return "add those files again"
    return f"run `shutten index rebuild`{' and add the damaged files again' if damaged else ''}"


def evaluate(options: Namespace) -> int:
    """Measure answers on a question set."""
    from qa.evaluation import measures, report

    results = measures.evaluate(
        Assistant.open(_home(options)), options.questions, options.system, options.split
    )
    if options.report:
        report.write(results, options.report)
    _print_json(results) if options.json else print(report.summary(results))
    return 0


def evaluate_squad(options: Namespace) -> int:
    """Measure ranking on SQuAD-format files, in a throw-away index."""
    from qa.evaluation import squad

    encoder = catalogue.open_encoder(adding.chosen_model(Originals(_home(options))))
    results = squad.evaluate(
        encoder, options.passages, options.questions, options.system, options.sample, options.seed
    )
    if options.json:
        _print_json(results)
    else:
        for name, row in results["systems"].items():
            print(f"{name:8}" + "".join(f"  {key} {row[key]:.3f}" for key in row))
        print(f"{results['n']} questions, {results['seconds']:.0f} s")
    return 0


def chat(options: Namespace) -> int:
    """Open the web chat."""
    if options.add_user:
        return _add_user(options)
    import ui

    ui.main(
        ui.Options(
            *(options.host, options.port, options.allow_host),
            *(options.auth_file, options.mcp, options.proxy),
        ),
        _home(options),
    )
    return 0


def _add_user(options: Namespace) -> int:
    """Add an account to the file that `--auth-file` names."""
    if not options.auth_file:
        raise ShuttenError("into which file? give --auth-file FILE with --add-user")
    if sys.stdin.isatty():
        password = getpass("password: ")
        if getpass("once more: ") != password:
            raise ShuttenError("the two differ; nothing was changed")
    else:
        try:
            password = sys.stdin.readline().rstrip("\n")
        except UnicodeDecodeError:
            raise ShuttenError("the password is not UTF-8; nothing was changed") from None
    from web.security import accounts

    accounts.add(options.auth_file, options.add_user, password)
    print(f"{options.auth_file}: {options.add_user} may come in")
    return 0


def feedback(options: Namespace) -> int:
    """Write what readers said of answers as a question set."""
    from qa.feedback import Feedback

    store = _store(options)
    kept = Feedback(store.home, store.statement)
    rows = [json.dumps(row, ensure_ascii=False) for row in kept.questions()]
    if not rows:
        raise ShuttenError(f"{store.home}: no remark says what answers a question yet")
    with replacing(options.out) as file:
        file.write(("\n".join(rows) + "\n").encode("utf-8", "backslashreplace"))
    print(f"{options.out}: {len(rows)} questions, of {len(kept.remarks())} remarks")
    return 0


def model_list(options: Namespace) -> int:
    """Show the bundled model, whether it is built, and the choice."""
    store = Originals(_home(options))
    chosen = adding.chosen_model(store)
    state = "built" if catalogue.bundled_folder().is_dir() else "not built yet"
    mark = "*" if chosen == catalogue.BUNDLED else " "
    print(f"{mark} {catalogue.BUNDLED}  bundled, int8, {state}: {catalogue.bundled_folder()}")
    if chosen != catalogue.BUNDLED:
        print(f"* {chosen}  sentence-transformers")
    print(f"index made with: {store.meta('fingerprint') or 'nothing yet'}")
    return 0


def model_build(options: Namespace) -> int:
    """Build the bundled model."""
    del options
    print(f"{catalogue.BUNDLED}: {catalogue.build_bundled().folder}")
    return 0


def model_use(options: Namespace) -> int:
    """Choose a model, after seeing that it loads."""
    store = Originals(named_home(options.home, new=True))
    name = options.name
    if not name.strip():
        raise ShuttenError("the model has no name; give a name or a folder")
    if name != catalogue.BUNDLED and Path(name).is_dir():
        name = str(Path(name).resolve())
    catalogue.open_encoder(name)
    with store.writing():
        store.set_meta("model", name)
    print(f"model: {name}")
    if store.statement_ids():
        print("run `shutten index rebuild` to embed the statements with it")
    return 0


def _home(options: Namespace) -> Path:
    return named_home(options.home)


def _store(options: Namespace) -> Store:
    return open_store(_home(options))


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False))
