from pathlib import Path

import pytest

from inference.config import Config
from inference.model import Model
from models.example import write


@pytest.fixture(scope="session")
def model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "example.onnx"
    write(path)
    return path


@pytest.fixture
def model(model_path: Path) -> Model:
    return Model.load(model_path, "cpu", 2)


@pytest.fixture
def config(model_path: Path) -> Config:
    return Config.from_environment(
        {"MODEL_PATH": str(model_path), "DEVICE_COUNT": "2", "MAX_BATCH": "8", "MAX_WAIT_SECONDS": "0.1"}
    )
