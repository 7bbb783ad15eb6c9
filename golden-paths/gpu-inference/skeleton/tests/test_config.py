from pathlib import Path

import pytest

from inference.config import Config, ConfigError


def test_defaults() -> None:
    config = Config.from_environment({})
    assert (config.port, config.device, config.device_count) == (${{ values.port }}, "cpu", 1)


def test_everything_is_read() -> None:
    config = Config.from_environment(
        {
            "PORT": "9000",
            "LOG_LEVEL": "debug",
            "MODEL_PATH": "/models/m.onnx",
            "DEVICE": "cuda",
            "DEVICE_COUNT": "4",
            "MAX_BATCH": "16",
            "MAX_WAIT_SECONDS": "0.5",
        }
    )
    assert config == Config(9000, "debug", Path("/models/m.onnx"), "cuda", 4, 16, 0.5)


def test_every_fault_is_named() -> None:
    faults = {
        "PORT": "٣",
        "LOG_LEVEL": "loud",
        "DEVICE": "tpu",
        "DEVICE_COUNT": "0",
        "MAX_BATCH": "-1",
        "MAX_WAIT_SECONDS": "nan",
    }
    with pytest.raises(ConfigError) as raised:
        Config.from_environment(faults)
    lines = str(raised.value).splitlines()
    assert [line.split("=")[0] for line in lines] == list(faults)
