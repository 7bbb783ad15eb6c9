"""Reads the environment, loads the model, then listens: a model that does not load never gets a request."""

import logging
import os
import sys

import uvicorn

from inference.config import Config, ConfigError
from inference.logs import configure
from inference.model import Model, ModelError
from inference.server import create_app

# Seconds for requests under way after the signal to stop. The pod's grace period is longer.
SHUTDOWN_SECONDS = 25


def main() -> int:
    try:
        config = Config.from_environment(os.environ)
        configure(config.log_level)
        model = Model.load(config.model_path, config.device, config.device_count)
    except (ConfigError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    logging.getLogger("inference").info("model loaded", extra={"fields": model.describe()})
    uvicorn.run(
        create_app(config, model),
        host="0.0.0.0",  # noqa: S104 - the pod's network decides who reaches it
        port=config.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
