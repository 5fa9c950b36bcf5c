"""The server process of the embedded cloud: patched ministack, SageMaker and Slack on an inherited socket.

refit.embedded_cloud.lifecycle starts it as `python -m refit.embedded_cloud.server <state_dir> <file descriptor of the
socket>`, with the variables that `environment` returns. It serves until SIGTERM or SIGINT, then saves its state.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from refit.embedded_cloud import faults, settings, startup, strict
from refit.embedded_cloud.slack import api as slack
from refit.errors import CloudError

# Loggers at level INFO; all others log from WARNING.
INFO_LOGGERS = ("refit", "states", "lambda_runtime")

# Longer than any client keeps an unused connection, Terraform's for 90 seconds: a request that is sent while the server
# closes the connection is lost. https://pkg.go.dev/net/http#Transport
KEEP_ALIVE_SECONDS = 300

# Variables of the developer's environment that Python or a Lambda worker may need. All others are excluded:
# credentials, profiles, proxies, CA bundles, and the many variables that ministack reads.
INHERITED = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def environment(state_dir: Path, port: int, region: str, extra: Mapping[str, str]) -> dict[str, str]:
    """The complete environment of the server process and its Lambda workers; `extra` overrides it.

    The developer's variables that begin with REFIT_LOCAL_ are kept, because they are settings of the cloud.
    REFIT_LOCAL_AUTH=false disables IAM here.
    """
    endpoint = f"http://127.0.0.1:{port}"
    kept = [name for name in os.environ if name in INHERITED or name.startswith("REFIT_LOCAL_")]
    return {
        **{name: os.environ[name] for name in kept},
        "TZ": "UTC",
        "AUTH": extra.get(settings.AUTH) or os.environ.get(settings.AUTH) or settings.DEFAULTS[settings.AUTH],
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
        "TMPDIR": str(state_dir / startup.FOLDER),
        "LOG_LEVEL": "WARNING",
        "SLACK_API_URL": f"{endpoint}{slack.API_PATH}",
        **extra,
    }


def main(arguments: list[str]) -> None:
    """Serves until a signal arrives.

    Exits with a message, which `startup.report` keeps for the process that started it, if the patches do not fit the
    installed ministack or the saved state is damaged; and if the state could not be saved at the end.
    """
    from hypercorn.utils import LifespanFailureError

    state_dir, listener = Path(arguments[0]), int(arguments[1])
    try:
        _register()
        asyncio.run(_serve(state_dir, listener))
    except CloudError as error:
        startup.report(state_dir, error)
        sys.exit(f"error: {error}")
    except LifespanFailureError as error:
        sys.exit(f"error: {error}")


def _register() -> None:
    """Installs the patches, and registers our services as ministack's: routed, saved and reset."""
    from ministack import app
    from ministack.core import router

    from refit.embedded_cloud import ministack_patches, sagemaker
    from refit.embedded_cloud.ministack_patches import iam_passed_roles
    from refit.embedded_cloud.ministack_patches.iam import authorized
    from refit.embedded_cloud.request_guard import guard
    from refit.embedded_cloud.step_functions import service as states

    for name in INFO_LOGGERS:
        logging.getLogger(name).setLevel(logging.INFO)
    ministack_patches.apply()
    router.SERVICE_PATTERNS["sagemaker"] = {"host_patterns": [r"sagemaker\."], "target_prefixes": ["SageMaker."]}
    app.SERVICE_HANDLERS["sagemaker"] = authorized(sagemaker.handle)
    app.SERVICE_HANDLERS["states"] = states.handle
    del app._state_map["stepfunctions"]  # ministack's own Step Functions, which is replaced
    for name, module in (("sagemaker", sagemaker), ("refit_slack", slack), ("states", states)):
        app.SERVICE_REGISTRY[name] = {"module": name}
        app._loaded_modules[name] = module
        app._state_map[name] = name
    iam_passed_roles.install()
    strict.install()
    guard.install()
    faults.load(os.environ.get(faults.VARIABLE) or "{}")


async def _serve(state_dir: Path, listener: int) -> None:
    """Restores the state, serves, and saves the state. Raises CloudError if it cannot be restored or saved."""
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.core import lambda_runtime

    from refit.embedded_cloud.app import application
    from refit.embedded_cloud.saved_state import persistence

    stopping = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stopping.set)

    async def stopped() -> None:
        await stopping.wait()
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # requests that are cut off now need no log entry

    config = Config()
    config.bind = [f"fd://{listener}"]
    config.loglevel = "WARNING"
    config.keep_alive_timeout = KEEP_ALIVE_SECONDS
    config.graceful_timeout = 1
    saver = persistence.restore(state_dir)
    saving = asyncio.create_task(persistence.save_regularly(saver))
    startup.unsaved_mark(state_dir).touch()
    try:
        await serve(application(state_dir, saver), config, shutdown_trigger=stopped)
    finally:
        saving.cancel()
        lambda_runtime.reset()
    if saver.failure:
        raise CloudError(f"the state could not be saved: {saver.failure}")
    startup.unsaved_mark(state_dir).unlink(missing_ok=True)


if __name__ == "__main__":
    main(sys.argv[1:])
