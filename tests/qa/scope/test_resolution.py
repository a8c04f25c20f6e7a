"""Which statements a question means: by date, parties, number, title and time."""

from __future__ import annotations

import pytest
from card_matches import alike, profile_of
from statements import dated, statement_from

from corpus.facts.mentions import find_mentions, is_named
from qa.scope.library import Library
from qa.scope.resolution import Meant, resolve
from qa.scope.wording import without_naming

STATEMENTS = [
    dated("india-2021", "U.S.-India Joint Leaders’ Statement", "2021-09-24"),
    dated("india-2023", "Joint Statement from the United States and India", "2023-06-22"),
    dated("india-2025", "United States-India Joint Leaders’ Statement", "2025-02-13"),
    dated("council-1", "U.S.-EU Council Inaugural Joint Statement", "2021-09-29"),
    dated("council-2", "U.S.-EU Joint Statement of the Council", "2022-12-05"),
    dated("council-4", "Fourth meeting: U.S.-EU Joint Statement of the Council", "2023-05-31"),
    dated("g20-2022", "G20 Bali Leaders’ Declaration", "2022-11-16"),
]
LIBRARY = Library([profile_of(statement) for statement in STATEMENTS])
ALIKE = alike(LIBRARY)


def meant(question: str, allowed: list[str] | None = None) -> Meant:
    return resolve(question, LIBRARY, ALIKE, allowed)


NAMED = {
    "2023年6月の米印共同声明では何と？": ["india-2023"],
    "What did the February 2025 U.S.-India statement say on cables?": ["india-2025"],
    "バリのG20首脳宣言は核について何と言っていますか": ["g20-2022"],
    "At the fourth meeting of the U.S.-EU council, what was agreed?": ["council-4"],
    "Was hat die dritte Tagung des Rates der USA und der EU beschlossen?": ["council-2"],
    "What do the U.S.-India statements say about space?": [
        "india-2021",
        "india-2023",
        "india-2025",
    ],
}


@pytest.mark.parametrize(("question", "statements"), NAMED.items())
def test_named_statements(question: str, statements: list[str]) -> None:
    found = meant(question)
    assert found.why == "named"
    assert sorted(found.statements) == statements
    assert found.certain
    assert found.scope is not None
    assert sorted(found.scope.priors) == statements


@pytest.mark.parametrize("question", ["What was agreed on semiconductors?", "by 2030?", "味噌汁"])
def test_a_question_that_names_none_means_all(question: str) -> None:
    found = meant(question)
    assert (found.why, found.statements, found.scope) == ("all", (), None)


@pytest.mark.parametrize(
    "question",
    [
        "2024年9月の米印首脳会談の共同声明では何と述べていますか",
        "How does the G20 leaders' declaration of 2023 word it?",
        "Tuyên bố chung Hoa Kỳ - Ấn Độ tháng 5/2016 nói gì?",
        "2022年12月の米仏共同声明は？",  # no statement is of France
        "日米比の首脳声明は何と？",
    ],
)
def test_a_meeting_without_a_statement_is_missing(question: str) -> None:
    found = meant(question)
    assert found.why == "missing"
    assert found.statements


@pytest.mark.parametrize(
    "question",
    [
        "2023年6月の声明は、2016年の仲裁判断に触れていますか",
        "What does the U.S.-India statement of June 2023 say about the 2016 ruling?",
        "2023年6月の米印共同声明で、日米豪の協力は？",
        "June 2023 statement: is the India-Chile agreement of 2019 there?",
    ],
)
def test_a_date_or_parties_of_other_things_are_of_no_meeting(question: str) -> None:
    found = meant(question)
    assert (found.why, found.statements[0]) == ("named", "india-2023")


def test_parties_in_one_word_are_all_parties_of_the_statement() -> None:
    assert meant("日米印の3か国の協力は、どこかに出ていますか").why == "all"
    assert meant("米印の協力は、どこかに出ていますか").why == "named"


def test_the_kind_tells_statements_of_one_day_apart() -> None:
    one = dated("statement", "U.S.-Chile Joint Statement", "2023-04-26")
    other = dated("declaration", "U.S.-Chile Santiago Declaration", "2023-04-26")
    library = Library([profile_of(statement) for statement in (*STATEMENTS, one, other)])
    cards = alike(library)
    for question, best in (
        ("2023年4月の米国・チリの共同声明は？", "statement"),
        ("2023年4月の米国・チリの宣言は？", "declaration"),
        ("The U.S.-Chile Joint Leaders’ Statement of April 2023?", "statement"),
    ):
        assert resolve(question, library, cards).statements[0] == best


def test_statements_of_one_day_are_compared_together() -> None:
    same_day = dated("india-2025-b", "U.S.-India Joint Vision Statement", "2025-02-13")
    library = Library([profile_of(statement) for statement in (*STATEMENTS, same_day)])
    cards = alike(library)
    found = resolve("2025年の米印声明は2023年の声明と比べてどこが新しい？", library, cards)
    assert (found.why, set(found.statements)) == ("change", {"india-2025", "india-2025-b"})
    assert found.earlier == ("india-2023",)


COMPOUNDS: list[tuple[str, list[set[str]]]] = [
    ("日米豪の協力", [{"JP", "US", "AU"}]),
    ("米EUの声明", [{"US", "EU"}]),
    ("The U.S.-India and the Japan–EU statements", [{"US", "IN"}, {"JP", "EU"}]),
    ("日本・チリの声明", [{"JP", "CL"}]),
    ("The G7 Ukraine statement", []),  # of the G7, on Ukraine
    ("G7ロシア制裁の声明", []),
    ("Japan and India", []),
]


@pytest.mark.parametrize(("question", "compounds"), COMPOUNDS)
def test_parties_in_one_word(question: str, compounds: list[set[str]]) -> None:
    assert find_mentions(question).compounds == compounds


def test_a_statement_on_a_country_is_not_missing() -> None:
    found = meant("What does the G20 Ukraine statement of November 2022 say?")
    assert (found.why, found.statements) == ("named", ("g20-2022",))


def test_a_country_is_what_is_asked_of_a_statement_with_a_name() -> None:
    assert meant("ロサンゼルス宣言で、インドは何を約束しましたか").why == "all"


@pytest.mark.parametrize(
    ("question", "certain"), [("a beach in Bali?", False), ("the Bali declaration?", True)]
)
def test_a_name_alone_is_never_certain(question: str, certain: bool) -> None:
    others = [dated(f"other-{day}", "Joint Statement", f"2020-01-{day}") for day in range(10, 20)]
    library = Library([profile_of(statement) for statement in (*STATEMENTS, *others)])
    cards = alike(library)
    found = resolve(question, library, cards)
    assert (found.why, found.statements, found.certain) == ("named", ("g20-2022",), certain)


@pytest.mark.parametrize(
    ("newest", "question"),
    [
        ("last", "大豆の取引について最後に出てきたのはどの文書？"),
        ("last", "Who last mentioned whales?"),
        ("", "What is the last sentence?"),
    ],
)
def test_words_for_the_latest(newest: str, question: str) -> None:
    assert (meant(question).why == "latest") == bool(newest)


@pytest.mark.parametrize(
    ("question", "newest_first"),
    [
        ("最新の米印声明は？", ["india-2025", "india-2023", "india-2021"]),
        ("In the newest US-EU statement?", ["council-4", "council-2", "council-1"]),
    ],
)
def test_the_latest_of_a_series(question: str, newest_first: list[str]) -> None:
    found = meant(question)
    assert (found.why, list(found.statements)) == ("latest", newest_first)


def test_the_latest_of_all_where_no_series_is_named() -> None:
    found = meant("半導体に触れた一番新しい声明は？")
    assert (found.why, len(found.statements)) == ("latest", len(STATEMENTS))
    assert found.statements[0] == "india-2025"


@pytest.mark.parametrize(
    ("question", "later", "earlier"),
    [
        ("2025年の米印声明は2023年の声明と比べてどこが新しい？", "india-2025", ["india-2023"]),
        ("What is new in the 2023 U.S.-India statement?", "india-2023", ["india-2021"]),
        ("What did 2025 add to the 2021 U.S.-India statement?", "india-2025", ["india-2021"]),
    ],
)
def test_what_is_new(question: str, later: str, earlier: list[str]) -> None:
    found = meant(question)
    assert (found.why, found.statements, list(found.earlier)) == ("change", (later,), earlier)


def test_since_and_before_bound_the_time() -> None:
    since = meant("What has been said on space since 2023?")
    assert sorted(since.statements) == ["council-4", "india-2023", "india-2025"]
    before = meant("2021年以前の声明は半導体について何と？")
    assert sorted(before.statements) == ["council-1", "india-2021"]


def test_a_filter_holds_whatever_the_question_names() -> None:
    found = meant("2023年6月の米印共同声明では？", ["india-2021", "g20-2022"])
    assert set(found.scope.priors if found.scope else ()) <= {"india-2021", "g20-2022"}
    alone = meant("What was agreed?", ["g20-2022"])
    assert (alone.why, alone.statements) == ("filter", ("g20-2022",))


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (
            "What did the June 2023 U.S.-India statement say about drones?",
            "What did the statement say about drones?",
        ),
        ("2023年6月の米印共同声明では、無人機は？", "声明では、無人機は？"),
        ("What did Modi agree in February 2025 on cables?", "What did Modi agree on cables?"),
        ("What does it say about Japan and drones?", "What does it say about Japan and drones?"),
        ("緊急事態宣言に触れた文書", "緊急事態宣言に触れた文書"),
        ("무인기에 관한 2023년 6월 한미 정상 공동성명", "무인기에 관한 성명"),
    ],
)
def test_a_question_without_the_words_that_name_a_statement(question: str, asked: str) -> None:
    assert without_naming(find_mentions(question), {"US", "IN", "KR"}) == asked


OWN_NAMES = {
    "ロサンゼルス宣言では": True,
    "マクロン大統領との共同声明では": True,
    "Was sagt die Washingtoner Erklärung?": True,
    "la Déclaration de Los Angeles": True,
    "워싱턴 선언은": True,
    "华盛顿宣言": True,
    "Which statements mention Ukraine?": False,
    "What do the statements say about Ukraine?": False,
    "声明は台湾について何と言っていますか": False,
    "海底ケーブルに触れた共同声明を全部挙げて": False,
    "どの声明ですか": False,
    "有没有哪份声明谈到保护冰川": False,
}


@pytest.mark.parametrize(("question", "named"), OWN_NAMES.items())
def test_only_a_name_beside_the_word_names_a_statement(question: str, named: bool) -> None:
    (noun,) = find_mentions(question).nouns
    assert is_named(question, noun) == named


NAMED_BY_SOUND = [
    dated("jeddah", "The Jeddah Communique", "2022-07-15"),
    dated("east-room", "East Room Declaration of the Leaders", "2023-11-03"),
    dated("ardern", "Statement by President Biden and Prime Minister Ardern", "2022-05-31"),
    dated("leyen", "Statement by President Biden and President von der Leyen", "2022-03-24"),
    dated("prabowo", "Statement of President Biden and President Prabowo", "2024-11-12"),
    dated("trump", "Statement by President Trump and President Milei", "2025-11-13"),
    dated("plan", "Statement on the Plan of the Leaders", "2021-05-01"),
]
WITH_A_PLAN = statement_from("A Road\n\nThe plan is old.\n", title="A Road")
SOUND_LIBRARY = Library([profile_of(one) for one in [*STATEMENTS, *NAMED_BY_SOUND, WITH_A_PLAN]])


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("ジッダ・コミュニケによると誰が飛べる？", "jeddah"),
        ("제다 성명에서는 무엇이 합의됐나요?", "jeddah"),
        ("イーストルーム宣言で決めた産業は？", "east-room"),
        ("アーダーン首相が招かれたときの気候の話は？", "ardern"),
        ("フォン・デア・ライエンとの会談では？", "leyen"),
        ("プラボウォ訪米時の声明に仲裁裁判は？", "prabowo"),
        ("프라보워 대통령의 방미에서는?", "prabowo"),
    ],
)
def test_a_name_written_by_its_sound_names_a_statement(question: str, name: str) -> None:
    cards = alike(SOUND_LIBRARY)
    found = resolve(question, SOUND_LIBRARY, cards)
    assert (found.why, found.statements) == ("named", (name,))


@pytest.mark.parametrize(
    "question",
    [
        "プランを教えて",
        "トランプ政権の貿易文書は？",
        "イーストルームより前の文書は？",
        "サイバーは？",
    ],
)
def test_ordinary_words_and_times_name_none_by_their_sound(question: str) -> None:
    assert not SOUND_LIBRARY.terms(find_mentions(question))


def test_a_word_that_a_statement_writes_small_too_is_no_name() -> None:
    text = (
        "The Compact of Nairobi\n\nThe compact is new. See https://example.org/nairobi for more.\n"
    )
    statement = statement_from(text, title="Compact of Nairobi")
    names = profile_of(statement).names
    assert names.spoken >= {"nairobi"}
    assert "compact" not in names.spoken
    assert names.has_small("compact")
    assert not names.has_small("nairobi")


def test_of_statements_that_share_a_name_the_card_tells_which_comes_first() -> None:
    first = dated("jeddah-1", "The Jeddah Communique", "2022-07-15")
    second = dated("jeddah-2", "Jeddah Statement after the Meeting", "2022-07-16")
    others = [dated(f"plan-{place}", "A Plan", "2022-07-17") for place in range(30)]
    statements = [first, second, *others]
    library = Library([profile_of(one) for one in statements])
    cards = alike(library, **{second.id: 1.0})
    found = resolve("ジッダでの会談の声明は、イスラエルをどう見る？", library, cards)
    # Israel speaks in neither, so they are not named alike by their parties.
    assert found.statements == ("jeddah-2", "jeddah-1")
