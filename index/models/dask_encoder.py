"""An encoder whose passages are read by the workers of a Dask cluster."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from corpus.errors import ShuttenError
from index.models.catalogue import open_encoder
from index.models.encoder import Encoded, Encoder, Role

if TYPE_CHECKING:
    from distributed import Client

_TEXTS_AT_ONCE = 8  # that one worker reads in one step: a second or so
_SECONDS = 10  # within which the scheduler must answer
_WITHOUT_WORKERS = 60  # seconds that the scheduler may be without any worker
_LOOKED_AFTER = 5  # seconds, after which the workers are looked after while one is waited for


class DaskEncoder:
    """An `Encoder` that lets Dask workers read passages. Queries are read here.

    A text whose worker is lost is read by another one, so the results are those of one machine.

    Args:
        encoder: The same model on this machine.
        model: Its name, by which the workers open it.
        address: The address of the scheduler, such as `tcp://10.0.0.1:8786`.

    Raises:
        ShuttenError: The package is missing, the scheduler does not answer, or has no worker.
    """

    def __init__(self, encoder: Encoder, model: str, address: str) -> None:
        self._encoder, self._model, self._address = encoder, model, address
        self.trained, self.reranker = encoder.trained, encoder.reranker
        client: Any = _connect(address)
        self._client = client
        if not self.workers:
            self._client.close()
            raise self._without_workers()

    @property
    def fingerprint(self) -> str:
        """See `Encoder.fingerprint`."""
        return self._encoder.fingerprint

    @property
    def workers(self) -> int:
        """How many texts can be read at the same time."""
        return sum(self._client.nthreads().values())

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        """See `Encoder.encode`.

        Raises:
            ShuttenError: The workers have another model or another version of Shutten, or there is
                none any more.
        """
        if role == "query":
            yield from self._encoder.encode(texts, role)
            return
        parts = [texts[at : at + _TEXTS_AT_ONCE] for at in range(0, len(texts), _TEXTS_AT_ONCE)]
        futures = [
            self._client.submit(encode_on_worker, self._model, self.fingerprint, part, pure=False)
            for part in parts
        ]
        try:
            for future in futures:
                yield from self._result(future)
                future.release()
        finally:
            self._client.cancel(futures)

    def _result(self, future: Any) -> list[Encoded]:
        """Return what a worker made of some texts."""
        from distributed import KilledWorker

        lost = 0.0
        while True:
            try:
                result: list[Encoded] | str = future.result(timeout=_LOOKED_AFTER)
            except TimeoutError:
                lost = 0.0 if self.workers else lost or time.monotonic()
                if lost and time.monotonic() - lost > _WITHOUT_WORKERS:
                    raise self._without_workers() from None
            except (KilledWorker, OSError, ImportError, AttributeError) as error:
                raise self._failed(str(error).splitlines()[0]) from error
            else:
                if isinstance(result, str):
                    raise self._failed(result)
                return result

    def _failed(self, reason: str) -> ShuttenError:
        return ShuttenError(
            f"{self._address}: the workers cannot read passages ({reason}); install the same "
            "version of Shutten and the same model for each of them"
        )

    def _without_workers(self) -> ShuttenError:
        return ShuttenError(
            f"{self._address}: the scheduler has no worker; "
            f"start some with `dask worker {self._address}`"
        )

    def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        """See `Encoder.rerank`."""
        return self._encoder.rerank(question, texts)

    def close(self) -> None:
        """Leave the cluster."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def encode_on_worker(model: str, fingerprint: str, texts: Sequence[str]) -> list[Encoded] | str:
    """Encode passages. This runs on a worker.

    Returns:
        The passages, or why they cannot be encoded there.
    """
    try:
        encoder = _opened(model)
    except ShuttenError as error:
        return str(error)
    if encoder.fingerprint != fingerprint:
        return f"a worker has the model {encoder.fingerprint}, not {fingerprint}"
    return list(encoder.encode(texts, "passage"))


@cache
def _opened(model: str) -> Encoder:
    return open_encoder(model)


def _connect(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError:
        raise ShuttenError(
            '`--dask` needs the package distributed; run `pip install "shutten[dask]"`'
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ShuttenError(
            f"{address}: no Dask scheduler answers ({str(error).splitlines()[0]}); start one with "
            "`dask scheduler`, and workers with `dask worker tcp://HOST:8786`"
        ) from error
