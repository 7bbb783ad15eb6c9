"""The HTTP surface: predictions, health and metrics."""

import asyncio
import json
import logging
import time

import numpy as np
import onnxruntime as ort
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inference.config import Config
from inference.model import DeviceLost, InvalidInput, Model

MAX_BODY_BYTES = 1 << 20

log = logging.getLogger("inference.server")


class Service:
    def __init__(self, config: Config, model: Model) -> None:
        self.config = config
        self.model = model
        self.lost: str | None = None
        """Why a device no longer answers. Nothing but a new process mends that."""
        self.free: asyncio.Queue[ort.InferenceSession] = asyncio.Queue()
        for session in model.sessions:
            self.free.put_nowait(session)
        self.registry = CollectorRegistry()
        self.answers = Counter("predictions", "Answered predictions.", ["status"], registry=self.registry)
        self.waits = Histogram("prediction_wait_seconds", "Time until a device was free.", registry=self.registry)
        self.runs = Histogram("prediction_run_seconds", "Time on the device.", registry=self.registry)

    async def health(self, _: Request) -> Response:
        if self.lost:
            raise HTTPException(503, f"A device was lost: {self.lost}")
        return JSONResponse({"status": "ok"})

    async def metrics(self, _: Request) -> Response:
        return Response(generate_latest(self.registry), headers={"content-type": CONTENT_TYPE_LATEST})

    async def describe(self, _: Request) -> Response:
        return JSONResponse(self.model.describe())

    async def predict(self, request: Request) -> Response:
        started = time.monotonic()
        status, rows = 500, 0
        try:
            batch = self.model.batch(await self._rows(request))
            rows = len(batch)
            outputs = await self._run(batch)
            status = 200
            return JSONResponse({"outputs": outputs.tolist(), "model": self.model.name, "sha256": self.model.digest})
        except InvalidInput as error:
            status = 422
            raise HTTPException(status, str(error)) from error
        except HTTPException as error:
            status = error.status_code
            raise
        finally:
            self.answers.labels(str(status)).inc()
            seconds = round(time.monotonic() - started, 4)
            log.info("prediction", extra={"fields": {"status": status, "rows": rows, "seconds": seconds}})

    async def _rows(self, request: Request) -> object:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise HTTPException(413, f"Send at most {MAX_BODY_BYTES} bytes; split the batch.")
        try:
            document = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise HTTPException(400, "The body is not JSON.") from error
        rows = document.get("inputs") if isinstance(document, dict) else None
        if not isinstance(rows, list):
            raise HTTPException(422, 'Send an object with the rows under "inputs".')
        if len(rows) > self.config.max_batch:
            raise HTTPException(422, f"Send at most {self.config.max_batch} rows at a time.")
        return rows

    async def _run(self, batch: np.ndarray) -> np.ndarray:
        started = time.monotonic()
        try:
            async with asyncio.timeout(self.config.max_wait):
                session = await self.free.get()
        except TimeoutError as error:
            raise HTTPException(503, "Every device is busy. Try again.", headers={"retry-after": "1"}) from error
        self.waits.observe(time.monotonic() - started)
        try:
            with self.runs.time():
                return await asyncio.to_thread(self.model.run, session, batch)
        except DeviceLost as error:
            self.lost = str(error)
            log.error("a device was lost", exc_info=error)
            raise HTTPException(503, "The device failed; this replica is about to restart. Try again.") from error
        finally:
            self.free.put_nowait(session)


def create_app(config: Config, model: Model) -> Starlette:
    service = Service(config, model)
    return Starlette(
        routes=[
            Route("/healthz", service.health),
            Route("/readyz", service.health),
            Route("/metrics", service.metrics),
            Route("/v1/model", service.describe),
            Route("/v1/predict", service.predict, methods=["POST"]),
        ],
        exception_handlers={HTTPException: _problem, Exception: _unexpected},
    )


async def _problem(_: Request, error: HTTPException) -> Response:
    """As RFC 9457 has it."""
    return JSONResponse(
        {"status": error.status_code, "detail": error.detail},
        status_code=error.status_code,
        headers={"content-type": "application/problem+json", **(error.headers or {})},
    )


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected", exc_info=error)
    return await _problem(request, HTTPException(500, "Something went wrong here. Try again later."))
