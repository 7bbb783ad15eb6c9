"""Answers predictions of one ONNX model over HTTP."""
