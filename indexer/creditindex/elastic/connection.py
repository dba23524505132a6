"""Requests to the cluster, and what their failures mean to us (DESIGN 4, Engine away).

Every failure becomes one of ours, with a sentence that says what to do and without what was asked for. Most
mean that the engine is away: pages then answer from the register until it is back.
"""

from __future__ import annotations

import random
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from elasticsearch import ApiError, Elasticsearch, TransportError, UnsupportedProductError

from creditindex.elastic.breaker import Breaker
from creditindex.engine import EngineAwayError, EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from creditregister.settings import Settings

    Answer = TypeVar("Answer")

OTHER = (
    "The server is of another version, or another product such as OpenSearch: name an Elasticsearch 9 server."
)
#: Where Elasticsearch listens if the address does not say.
PORT = 9200
#: Hosts that a key may be sent to without encryption.
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
#: The cluster's word for an index that takes no writes; it comes with 403, or with 429 where a disk is full.
READ_ONLY = "cluster_block_exception"
NOT_ACCEPTABLE = 406
TOO_MANY = 429
SERVER_ERROR = 500


class UnreachableError(EngineAwayError):
    """No answer, half an answer, or one that says "not now": it may work a moment later."""


class Connection:
    """One for each process; safe to share among threads, to be made after any fork."""

    def __init__(self, client: Elasticsearch, breaker: Breaker) -> None:
        self._client = client
        self._breaker = breaker

    def ask(self, call: Callable[[Elasticsearch], Answer], *, seconds: float | None = None) -> Answer:
        """Make one request; ``seconds`` to wait for the answer, where it is not the usual time.

        Raises:
            UnreachableError: the cluster did not answer, or was too busy.
            EngineAwayError: there is no index, or it cannot be used as it is.
            EngineError: the request was refused.
        """
        client = self._client if seconds is None else self._client.options(request_timeout=seconds)
        self._breaker.admit()
        try:
            with translated():
                answer = call(client)
        except UnreachableError:
            self._breaker.failed()
            raise
        except EngineError:
            self._breaker.answered()
            raise
        self._breaker.answered()
        return answer

    def close(self) -> None:
        """Close all connections."""
        self._client.close()


def connect(settings: Settings) -> Connection:
    """A connection as the settings say; nothing is sent yet.

    Raises:
        EngineError: an address that is none, or one to which a key must not be sent.
    """
    own = settings.elasticsearch
    hosts = hosts_of(settings.elasticsearch_url or "")
    key, password = settings.elasticsearch_api_key, settings.elasticsearch_password
    if (key or password) and not all(map(_private, hosts)):
        raise EngineError("A key for Elasticsearch is only sent by https: change CREDIT_ELASTICSEARCH_URL.")
    if password and not own.user:
        raise EngineError("There is a password for Elasticsearch and no user: set elasticsearch.user.")
    trust: dict[str, Any] = {"ca_certs": own.ca_file} if own.ca_file else {}
    client = Elasticsearch(
        hosts,
        api_key=key.get_secret_value() if key else None,
        basic_auth=(own.user, password.get_secret_value()) if password else None,
        **trust,
        request_timeout=own.read_seconds,
        max_retries=len(hosts) - 1,  # another node may live; the same one is left to the breaker
        retry_on_status=(),
        retry_on_timeout=False,
    )
    return Connection(client, Breaker(time.monotonic, random.random))


def hosts_of(url: str) -> list[str]:
    """The nodes that the setting names, separated by commas, each with its port.

    Raises:
        EngineError: an address that is none, or one that holds a password, which would end up in logs.
    """
    hosts = []
    for part in url.split(","):
        try:
            found = urlsplit(part.strip())
            port = found.port or PORT
        except ValueError:
            raise EngineError("CREDIT_ELASTICSEARCH_URL holds an address that is none.") from None
        if found.scheme not in {"http", "https"} or not found.hostname:
            raise EngineError("CREDIT_ELASTICSEARCH_URL names nodes as https://host:port, by commas.")
        if found.username or found.password:
            raise EngineError("CREDIT_ELASTICSEARCH_URL holds a password: it belongs into the secrets.")
        name = f"[{found.hostname}]" if ":" in found.hostname else found.hostname
        hosts.append(f"{found.scheme}://{name}:{port}{found.path.rstrip('/')}")
    return hosts


def _private(host: str) -> bool:
    """Whether nobody else hears what is sent there."""
    found = urlsplit(host)
    return found.scheme == "https" or found.hostname in LOOPBACK


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the client throws into an error of ours."""
    try:
        yield
    except UnsupportedProductError as error:
        raise EngineAwayError(OTHER) from error
    except ApiError as error:
        raise refusal(error.status_code, _type(error.body)) from error
    except TransportError as error:
        raise UnreachableError(f"Elasticsearch does not answer ({type(error).__name__}).") from error
    except (KeyError, TypeError, AttributeError) as error:  # raised by who looks into the answer
        raise UnreachableError(
            "Elasticsearch, or a proxy before it, gives an answer that is none."
        ) from error


def refusal(status: int, kind: str) -> EngineError:
    """What it means that the cluster refused a request; ``kind`` is its own word for it."""
    if kind == "index_not_found_exception":
        return EngineAwayError("There is no index yet: run `credit-index rebuild`.")
    if kind == "media_type_header_exception" or status == NOT_ACCEPTABLE:
        return EngineAwayError(OTHER)
    if kind == READ_ONLY:
        return EngineAwayError(
            "The index is read-only: a disk of the cluster is full; it frees itself when there is room."
        )
    if kind in {"security_exception", ""} and status in {401, 403}:
        return EngineAwayError("Elasticsearch refuses our key: look at the secrets and at the key's rights.")
    if status == TOO_MANY or status >= SERVER_ERROR:
        return UnreachableError(f"Elasticsearch cannot answer now ({status} {kind}).")
    return EngineError(f"Elasticsearch refused a request of ours ({status} {kind}).")


def _type(body: object) -> str:
    """The cluster's own word for an error; its reason may quote what was asked, and is not repeated."""
    error = body.get("error") if isinstance(body, dict) else None
    return str(error.get("type", "")) if isinstance(error, dict) else ""
