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
    """Retrieves the sentences that answer a question.

    The `page_content` of a document is `text[start:end]` of its statement. The metadata of a
    document are all other fields of `Quote.to_json`, such as the offsets, the place, the score and
    the checksum of the file.

    Attributes:
        assistant: The assistant that answers. The default opens the usual data folder.
        k: The largest number of documents.
        within: A filter of statements; see `Assistant.ask`.
        only_answers: If true, only the quotes of the answer are retrieved, which are none when the
            statements seem to be silent. If false, the `k` best sentences are always retrieved.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant = Field(default_factory=Assistant.open)
    k: int = DEFAULT_QUOTES
    within: dict[str, Any] = Field(default_factory=dict)
    only_answers: bool = False

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        del run_manager
        count = self.k if k is None else k
        if self.only_answers:
            return list(
                map(_document, self.assistant.ask(query, k=count, within=self.within).quotes)
            )
        return list(map(_document, self.assistant.retrieve(query, count, self.within)))


def _document(quote: Quote) -> Document:
    metadata: dict[str, Any] = quote.to_json()
    text = metadata.pop("text")
    return Document(page_content=text, metadata=metadata, id=f"{quote.statement}:{quote.start}")
