"""The usual way: LangChain, chunks of 400 characters, one vector for each, and FAISS.

It has the same commands as Shutten: add files to an index, answer one question, ask many.

    python peer.py add MODEL INDEX FILE...
    python peer.py answer MODEL INDEX QUESTION
    python peer.py ask MODEL INDEX QUESTIONS.json

`langchain-huggingface` has the newer class of embeddings, but wants a huggingface-hub below 2. The
class here does the same, and puts before each text the word that e5 wants.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")  # the class of embeddings is called deprecated

from langchain_community.embeddings import HuggingFaceBgeEmbeddings  # noqa: E402
from langchain_community.vectorstores import FAISS  # noqa: E402
from langchain_core.documents import Document  # noqa: E402
from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: E402
from timed_answers import FIRST, timed  # noqa: E402

CHUNK = 400  # characters


def embeddings(model: str) -> HuggingFaceBgeEmbeddings:
    """Load the model."""
    return HuggingFaceBgeEmbeddings(
        model_name=model,
        model_kwargs={"device": "cpu"},
        encode_kwargs={"normalize_embeddings": True},
        query_instruction="query: ",
        embed_instruction="passage: ",
    )


def load(model: str, index: str) -> FAISS:
    """Load the model and the index."""
    return FAISS.load_local(index, embeddings(model), allow_dangerous_deserialization=True)


def add(model: str, index: str, *files: str) -> str:
    """Add files to an index, which is made if it is not there."""
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK, chunk_overlap=0, add_start_index=True
    )
    documents = [
        Document(
            page_content=Path(file).read_text("utf-8"), metadata={"statement": Path(file).stem}
        )
        for file in files
    ]
    chunks = splitter.split_documents(documents)
    if Path(index).is_dir():
        store = load(model, index)
        store.add_documents(chunks)
    else:
        store = FAISS.from_documents(chunks, embeddings(model))
    store.save_local(index)
    return f"{len(chunks)} chunks"


def answer(model: str, index: str, question: str) -> str:
    """Return the best chunk."""
    return load(model, index).similarity_search(question, k=FIRST)[0].page_content


def ask(model: str, index: str, questions: str) -> str:
    """Ask all questions, and return the seconds and the places of the first chunks as JSON."""
    store = load(model, index)
    texts = json.loads(Path(questions).read_text("utf-8"))
    seconds, answers = timed(texts, lambda text: store.similarity_search(text, k=FIRST))
    places = [[place(chunk) for chunk in found] for found in answers]
    return json.dumps({"seconds": seconds, "places": places})


def place(chunk: Document) -> tuple[str, int, int]:
    """Return the statement of a chunk, and where the chunk begins and ends in it."""
    start = chunk.metadata["start_index"]
    return chunk.metadata["statement"], start, start + len(chunk.page_content)


if __name__ == "__main__":
    commands = {command.__name__: command for command in (add, answer, ask)}
    print(commands[sys.argv[1]](*sys.argv[2:]))
