"""A LangChain retriever whose documents are exact quotes (`pip install "shutten[langchain]"`)."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from qa.answers.answer import Quote
from qa.assistant import DEFAULT_QUOTES, Assistant


class ShuttenRetriever(BaseRetriever):
    """Finds the sentences that answer.

    A document's `page_content` is `text[start:end]` of the statement, and its metadata holds the
    offsets, the place, the score and the checksum of the file: all of a quote but its text.

    Attributes:
        assistant: What answers; opened from the usual data folder when omitted.
        k: So many documents at most.
        only_answers: Nothing where the statements seem to be silent, and no more than seems to
            answer; otherwise the `k` best sentences in any case.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant = Field(default_factory=Assistant.open)
    k: int = DEFAULT_QUOTES
    only_answers: bool = False

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        del run_manager
        count = self.k if k is None else k
        if self.only_answers:
            return list(map(_document, self.assistant.ask(query, k=count).quotes))
        return list(map(_document, self.assistant.retrieve(query, count)))


def _document(quote: Quote) -> Document:
    about: dict[str, Any] = quote.to_json()
    text = about.pop("text")
    return Document(page_content=text, metadata=about, id=f"{quote.statement}:{quote.start}")
