"""Everything that differs between environments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

LOG_LEVELS = ("debug", "info", "warning", "error")
DEVICES = ("cpu", "cuda")


class ConfigError(Exception):
    """Names every variable that is at fault, one a line."""


@dataclass(frozen=True, slots=True)
class Config:
    port: int
    log_level: str
    model_path: Path
    device: str
    """cpu, or cuda: then a model that cannot run on the GPU is an error, never a slow answer."""
    device_count: int
    max_batch: int
    """Rows in one request."""
    max_wait: float
    """Seconds that a request waits for a free device before it is told to come back."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Config":
        problems: list[str] = []

        def read(name: str, default: T, parse: Callable[[str], T]) -> T:
            value = environment.get(name, "")
            if not value:
                return default
            try:
                return parse(value)
            except ValueError as error:
                problems.append(f"{name}={value!r}: {error}")
                return default

        config = cls(
            port=read("PORT", ${{ values.port }}, _whole(1, 65535)),
            log_level=read("LOG_LEVEL", "info", _one_of(LOG_LEVELS)),
            model_path=read("MODEL_PATH", Path("model.onnx"), Path),
            device=read("DEVICE", "cpu", _one_of(DEVICES)),
            device_count=read("DEVICE_COUNT", 1, _whole(1, 8)),
            max_batch=read("MAX_BATCH", 64, _whole(1, 4096)),
            max_wait=read("MAX_WAIT_SECONDS", 2.0, _seconds),
        )
        if problems:
            raise ConfigError("\n".join(problems))
        return config


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            raise ValueError(f"give a whole number from {least} to {most}")
        return int(value)

    return parse


def _one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in words:
            raise ValueError(f"give one of {', '.join(words)}")
        return value

    return parse


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 60:
        raise ValueError("give seconds above 0, up to 60")
    return seconds
