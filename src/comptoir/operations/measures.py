"""Requests counted for Prometheus, in one process or gathered from several."""

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import falcon
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from comptoir.operations.access import SHARED_FOLDER, named
from comptoir.operations.health import BooksWatch
from comptoir.storage.errors import StorageError

CONTENT_TYPE = CONTENT_TYPE_LATEST
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class PrometheusMeasures:
    """The measures of this process. Series are made once per route, so that counting is cheap."""

    def __init__(self, books: Sequence[BooksWatch]) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "comptoir_requests",
            "Requests by dialect, route and class of status.",
            ["dialect", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "comptoir_request_seconds",
            "How long requests took.",
            ["dialect", "route"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._unreconciled = Gauge(
            "comptoir_unreconciled_cents",
            "Money that the last proof of the books could not account for, in minor units.",
            ["shop"],
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )
        self._problems = Gauge(
            "comptoir_books_problems",
            "What the last proof of the books found wrong; 0 when they balance.",
            ["shop"],
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )
        self._books = books
        self._series: dict[tuple[str, str, int], tuple[Any, Any]] = {}

    def count(self, dialect: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        key = (dialect, route, status // 100)
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = (
                self._requests.labels(dialect, route, f"{status // 100}xx"),
                self._seconds.labels(dialect, route),
            )
        series[0].inc()
        series[1].observe(seconds)

    def written(self) -> bytes:
        """All measures in Prometheus' text form."""
        for watch in self._books:
            # Without its database a shop's books cannot be proved; readyz says so, the other measures stay.
            with suppress(StorageError):
                verdict = watch.verdict()
                self._unreconciled.labels(watch.shop_name).set(verdict.cents)
                self._problems.labels(watch.shop_name).set(len(verdict.problems))
        if SHARED_FOLDER not in os.environ:
            return generate_latest(self.registry)
        gathered = CollectorRegistry()
        MultiProcessCollector(gathered)  # type: ignore[no-untyped-call]  # the library leaves it untyped
        return generate_latest(gathered)


class MeasuresPage:
    """GET /metrics."""

    def __init__(self, measures: PrometheusMeasures) -> None:
        self._measures = measures

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Write the measures."""
        named(req.env, "operations", "operations.metrics")
        resp.data = self._measures.written()
        resp.content_type = CONTENT_TYPE

    on_head = on_get
