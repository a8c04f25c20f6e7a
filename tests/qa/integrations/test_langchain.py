"""The LangChain retriever, with the standard tests of LangChain for retrievers."""

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
    assert [document.page_content for document in documents] == [quote.text for quote in quotes]
    for document, quote in zip(documents, quotes, strict=True):
        text, metadata = document.page_content, document.metadata
        source = assistant.statement(metadata["statement"]).source
        assert source.text[metadata["start"] : metadata["end"]] == text
        assert metadata | {"text": text} == quote.to_json()


def test_a_refusal_has_no_documents_if_only_answers_are_wanted(assistant: Assistant) -> None:
    question = "牛肉の関税は何パーセントですか"
    assert ShuttenRetriever(assistant=assistant, only_answers=True).invoke(question) == []
    assert len(ShuttenRetriever(assistant=assistant).invoke(question)) == 3
