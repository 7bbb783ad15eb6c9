import asyncio

import pytest
from starlette.testclient import TestClient

from inference.config import Config
from inference.model import DeviceLost, Model
from inference.server import MAX_BODY_BYTES, Service, create_app

ROW = [1.0, 2.0, 3.0, 4.0]


@pytest.fixture
def client(config: Config, model: Model) -> TestClient:
    return TestClient(create_app(config, model), raise_server_exceptions=False)


def test_predicts(client: TestClient, model: Model) -> None:
    answer = client.post("/v1/predict", json={"inputs": [ROW, ROW]})
    assert answer.status_code == 200
    body = answer.json()
    assert body["sha256"] == model.digest
    assert len(body["outputs"]) == 2
    assert sum(body["outputs"][0]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        (b"{", 400, "not JSON"),
        (b"[" * 100_000, 400, "not JSON"),
        (b"[]", 422, "inputs"),
        (b'{"inputs": 1}', 422, "inputs"),
        (b'{"inputs": [[1, 2]]}', 422, "takes any x 4"),
        (b'{"inputs": [[NaN, 1, 2, 3]]}', 422, "finite"),
        (b'{"inputs": [' + b"[1,2,3,4]," * 8 + b"[1,2,3,4]]}", 422, "at most 8 rows"),
        (b" " * (MAX_BODY_BYTES + 1), 413, "split the batch"),
    ],
)
def test_bad_requests_say_what_to_do(client: TestClient, body: bytes, status: int, detail: str) -> None:
    answer = client.post("/v1/predict", content=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert detail in answer.json()["detail"]


def test_health_model_and_metrics(client: TestClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    assert client.get("/v1/model").json()["input_shape"] == [None, 4]
    client.post("/v1/predict", json={"inputs": [ROW]})
    assert 'predictions_total{status="200"} 1.0' in client.get("/metrics").text


def test_a_lost_device_asks_for_a_restart(config: Config, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise DeviceLost("CUDA failure 700")

    monkeypatch.setattr(Model, "run", lost)
    client = TestClient(create_app(config, model))
    assert client.post("/v1/predict", json={"inputs": [ROW]}).status_code == 503
    assert client.get("/healthz").status_code == 503
    assert client.get("/readyz").status_code == 503


def test_what_nobody_expected_is_500_without_its_words(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("inner words")

    monkeypatch.setattr(Model, "run", broken)
    answer = client.post("/v1/predict", json={"inputs": [ROW]})
    assert answer.status_code == 500
    assert "inner words" not in answer.text


def test_when_every_device_is_busy_the_caller_is_told_to_come_back(config: Config, model: Model) -> None:
    service = Service(config, model)
    for _ in model.sessions:
        service.free.get_nowait()

    async def ask() -> None:
        await service._run(model.batch([ROW]))

    with pytest.raises(Exception, match="busy") as raised:
        asyncio.run(ask())
    assert raised.value.status_code == 503
    assert raised.value.headers == {"retry-after": "1"}
