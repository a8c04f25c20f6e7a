"""The LangChain retriever, held to langchain-core's own tests of retrievers."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_tests.integration_tests import RetrieversIntegrationTests

from qa.assistant import Assistant
from qa.integrations.langchain import ShuttenRetriever


class TestStandard(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _opened(self, assistant: Assistant) -> None:
        type(self).shared = assistant

    @property
    def retriever_constructor(self) -> type[ShuttenRetriever]:
        return ShuttenRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"assistant": self.shared}

    @property
    def retriever_query_example(self) -> str:
        return "What was agreed on Open RAN?"


def test_documents_are_slices_of_the_source(assistant: Assistant) -> None:
    retriever = ShuttenRetriever(assistant=assistant, k=4)
    documents = retriever.invoke("半導体について何を確認しましたか")
    quotes = assistant.retrieve("半導体について何を確認しましたか", 4)
    assert [one.page_content for one in documents] == [quote.text for quote in quotes]
    for one, quote in zip(documents, quotes, strict=True):
        source = assistant.statement(one.metadata["statement"]).source
        assert source.text[one.metadata["start"] : one.metadata["end"]] == one.page_content
        assert one.metadata | {"text": one.page_content} == quote.to_json()


def test_silence_is_no_documents_when_only_answers_are_wanted(assistant: Assistant) -> None:
    question = "牛肉の関税は何パーセントですか"
    assert ShuttenRetriever(assistant=assistant, only_answers=True).invoke(question) == []
    assert len(ShuttenRetriever(assistant=assistant).invoke(question)) == 3
