"""An ONNX model with one float32 input and one output, loaded once onto each device."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort

PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}

log = logging.getLogger("inference.model")


class ModelError(Exception):
    """The model cannot be served; the message says why and what to do."""


class InvalidInput(Exception):  # noqa: N818 - it is the caller's fault
    """The model does not take these numbers."""


class DeviceLost(Exception):  # noqa: N818 - an event, after which only a restart helps
    """A device does not run what it ran at start."""


@dataclass(frozen=True, slots=True)
class Model:
    name: str
    digest: str
    """SHA-256 of the file, in hex."""
    input_name: str
    input_shape: tuple[int | None, ...]
    """None where any length fits; the first is the batch."""
    sessions: tuple[ort.InferenceSession, ...]
    """One for each device."""

    @classmethod
    def load(cls, path: Path, device: str, device_count: int) -> "Model":
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise ModelError(f"MODEL_PATH: {path} cannot be read ({error.strerror}). Name an ONNX file.") from error
        sessions = tuple(_open(path, device, number) for number in range(device_count))
        inputs, outputs = sessions[0].get_inputs(), sessions[0].get_outputs()
        one_each = len(inputs) == len(outputs) == 1
        if not one_each or inputs[0].type != "tensor(float)" or not outputs[0].type.startswith("tensor("):
            raise ModelError(f"{path} must have one float32 input and one output, both tensors. Export it anew.")
        shape = tuple(length if isinstance(length, int) else None for length in inputs[0].shape)
        model = cls(path.stem, digest, inputs[0].name, shape, sessions)
        for session in sessions:
            # The first run allocates memory and chooses kernels: better now than in somebody's request.
            try:
                model._try_out(session)
            except DeviceLost as error:
                raise ModelError(f"{path} loads but does not run: {error}") from error
        return model

    def describe(self) -> dict[str, object]:
        return {
            "model": self.name,
            "sha256": self.digest,
            "input_shape": self.input_shape,
            "devices": len(self.sessions),
            "provider": self.sessions[0].get_providers()[0],
        }

    def batch(self, rows: object) -> np.ndarray:
        """The rows of a request as the model takes them."""
        try:
            batch = np.asarray(rows)
        except ValueError as error:
            raise InvalidInput("The rows differ in length.") from error
        if batch.dtype.kind not in "iuf":
            raise InvalidInput("Every value must be a number, and all rows must have the same length.")
        fits = batch.ndim == len(self.input_shape) and all(
            wanted is None or length == wanted for length, wanted in zip(batch.shape, self.input_shape, strict=True)
        )
        if not fits or batch.size == 0:
            wanted = " x ".join("any" if length is None else str(length) for length in self.input_shape)
            given = " x ".join(map(str, batch.shape)) or "a single number"
            raise InvalidInput(f"The model takes {wanted} numbers; these are {given}.")
        with np.errstate(over="ignore"):
            batch = batch.astype(np.float32)
        if not np.isfinite(batch).all():
            raise InvalidInput("Every value must be finite and fit a 32-bit float.")
        return batch

    def run(self, session: ort.InferenceSession, batch: np.ndarray) -> np.ndarray:
        """Raises InvalidInput where the model refuses the batch, DeviceLost where the device is the reason."""
        try:
            return session.run(None, {self.input_name: batch})[0]
        except Exception as error:  # the runtime's errors share no class of their own
            self._try_out(session)
            log.warning("the model refused a batch", exc_info=error)
            raise InvalidInput("The model refuses these numbers.") from error

    def _try_out(self, session: ort.InferenceSession) -> None:
        zeros = np.zeros([length or 1 for length in self.input_shape], dtype=np.float32)
        try:
            session.run(None, {self.input_name: zeros})
        except Exception as error:
            raise DeviceLost(str(error)) from error


def _open(path: Path, device: str, number: int) -> ort.InferenceSession:
    provider = PROVIDERS[device]
    providers: Sequence[object] = [provider]
    if device == "cuda":
        # Finds the CUDA libraries that pip installed.
        ort.preload_dlls()
        providers = [(provider, {"device_id": number})]
    try:
        session = ort.InferenceSession(path, providers=providers)
    except Exception as error:
        raise ModelError(f"{path} cannot be loaded onto {device} {number}: {error}") from error
    if session.get_providers()[0] != provider:
        raise ModelError(
            f"{device} {number} is not there. Check that the pod asks for an accelerator, or set DEVICE=cpu."
        )
    # After an error the runtime would go on with the CPU: that looks healthy and is many times slower.
    session.disable_fallback()
    return session
