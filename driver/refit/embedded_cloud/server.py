"""The process of the embedded cloud: ministack with our fixes, SageMaker and Slack, on a socket that it is handed.

Started by refit.embedded_cloud.lifecycle as `python -m refit.embedded_cloud.server <state_dir> <file descriptor of the
socket>`, in the environment that `environment` describes. Serves until SIGTERM or SIGINT, then saves its state.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from refit.embedded_cloud import faults
from refit.embedded_cloud.slack import api as slack
from refit.errors import CloudError

# What the log tells; everything else speaks from WARNING on.
TOLD = ("refit", "states", "lambda_runtime")

# What a Lambda worker or Python itself may need of the developer's environment. Everything else stays out: credentials,
# profiles, proxies, CA bundles, and the many variables that ministack reads.
INHERITED = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def environment(state_dir: Path, port: int, region: str, extra: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of the cloud's process, which its Lambda workers inherit; `extra` wins.

    The developer's variables that begin with REFIT_LOCAL_ are kept, for they are the cloud's settings. Here:
    REFIT_LOCAL_AUTH=false stops enforcing IAM, REFIT_LOCAL_SAVE_SECONDS is the time between two savings.
    """
    endpoint = f"http://127.0.0.1:{port}"
    kept = [name for name in os.environ if name in INHERITED or name.startswith("REFIT_LOCAL_")]
    return {
        **{name: os.environ[name] for name in kept},
        "TZ": "UTC",
        "AUTH": os.environ.get("REFIT_LOCAL_AUTH", "true"),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": region,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": f"unix://{state_dir}/no-docker.sock",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state_dir / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(state_dir / "s3"),
        "TMPDIR": str(state_dir / "tmp"),
        "LOG_LEVEL": "WARNING",
        "REFIT_LOCAL_SAVE_SECONDS": os.environ.get("REFIT_LOCAL_SAVE_SECONDS", "15"),
        "SLACK_API_URL": f"{endpoint}{slack.API_PATH}",
        **extra,
    }


def main(arguments: list[str]) -> None:
    """Serves until it is told to stop. Exits with a message when ministack is not what the fixes are for."""
    from hypercorn.utils import LifespanFailureError

    state_dir, listener = Path(arguments[0]), int(arguments[1])
    try:
        _register()
        asyncio.run(_serve(state_dir, listener))
    except (CloudError, LifespanFailureError) as error:
        sys.exit(f"error: {error}")


def _register() -> None:
    """Puts the fixes in place, and makes SageMaker and Slack services like ministack's own: routed, saved, reset."""
    from ministack import app
    from ministack.core import router

    from refit.embedded_cloud import ministack_patches, sagemaker
    from refit.embedded_cloud.ministack_patches.iam import authorized

    for name in TOLD:
        logging.getLogger(name).setLevel(logging.INFO)
    ministack_patches.apply()
    router.SERVICE_PATTERNS["sagemaker"] = {"host_patterns": [r"sagemaker\."], "target_prefixes": ["SageMaker."]}
    app.SERVICE_HANDLERS["sagemaker"] = authorized(sagemaker.handle)
    for name, module in (("sagemaker", sagemaker), ("refit_slack", slack)):
        app.SERVICE_REGISTRY[name] = {"module": name}
        app._loaded_modules[name] = module
        app._state_map[name] = name
    faults.load(os.environ.get(faults.VARIABLE) or "{}")


async def _serve(state_dir: Path, listener: int) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.core import lambda_runtime

    from refit.embedded_cloud.app import application

    stopping = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stopping.set)

    async def stopped() -> None:
        await stopping.wait()
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # a request that is cut off now is no news

    config = Config()
    config.bind = [f"fd://{listener}"]
    config.loglevel = "WARNING"
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    saving = asyncio.create_task(_save_regularly())
    try:
        await serve(application(state_dir), config, shutdown_trigger=stopped)
    finally:
        saving.cancel()
        lambda_runtime.reset()


async def _save_regularly() -> None:
    """Saves what ministack saves at its end alone, so that a cloud that is killed has lost little.

    On the event loop, where no request changes what is being saved.
    """
    from ministack import app
    from ministack.core import persistence

    while True:
        await asyncio.sleep(float(os.environ["REFIT_LOCAL_SAVE_SECONDS"]))
        persistence.save_all(app._build_persistence_save_dict())


if __name__ == "__main__":
    main(sys.argv[1:])
