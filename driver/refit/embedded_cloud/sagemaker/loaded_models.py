"""Holds the models that endpoints have loaded, and chooses the variant that answers a request.

A fleet is replaced as a whole, so every request is answered either by the old models or by the new ones.
"""

from __future__ import annotations

import base64
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from refit.embedded_cloud.instance import artifact, channels, images
from refit.embedded_cloud.instance.algorithm import CannotLoad, CustomerError, Predictor
from refit.embedded_cloud.sagemaker import execution_role
from refit.embedded_cloud.sagemaker.errors import ApiError
from refit.embedded_cloud.sagemaker.resources import Endpoint, Json, Model, now
from refit.embedded_cloud.sagemaker.scope import Scope

MAX_BYTES = 6_291_456
"""Of a request's body, and of a response's: the Body of InvokeEndpoint in the service model. Some of AWS's pages allow
25 MB; https://docs.aws.amazon.com/sagemaker/latest/dg/hosting-faqs.html says 6 MB."""
SERVERLESS_MAX_BYTES = 4 << 20
"""https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-invoke.html"""


class NotServing(Exception):
    """A variant cannot be served. The message is the endpoint's FailureReason."""


@dataclass(frozen=True)
class Variant:
    """A production variant with its weight in the traffic, its loaded model, and the limit of a body."""

    name: str
    weight: float
    predictor: Predictor
    max_bytes: int


@dataclass(frozen=True)
class Fleet:
    """The variants of one endpoint."""

    variants: tuple[Variant, ...]

    def choose(self, target: str) -> Variant | None:
        """The variant named `target`, or with an empty `target` a random one by weight. None if there is none."""
        variants = [variant for variant in self.variants if target in ("", variant.name)]
        weights = [variant.weight for variant in variants]
        if not variants:
            return None
        return random.choices(variants, weights if any(weights) else None)[0]  # noqa: S311 - not a secret


def blended(old: Fleet, new: Fleet, share: float) -> Fleet:
    """A fleet of both, in which the new one gets `share` of the traffic, distributed over its variants by weight."""
    parts = ((old, 1 - share), (new, share))
    return Fleet(tuple(variant for fleet, part in parts for variant in _weighed(fleet, part)))


def _weighed(fleet: Fleet, part: float) -> Iterator[Variant]:
    total = sum(variant.weight for variant in fleet.variants)
    for variant in fleet.variants:
        weight = variant.weight / total if total else 1 / len(fleet.variants)
        yield replace(variant, weight=weight * part)


def fetch(config: Json, model: Model) -> Json:
    """Downloads the model of a variant, and returns the variant with everything that is needed to serve it.

    The endpoint then no longer depends on the config, the model or S3. Raises NotServing.
    """
    container = model.request["PrimaryContainer"]
    bucket, key = channels.split(container["ModelDataUrl"])
    try:
        s3 = execution_role.s3(model.request["ExecutionRoleArn"], model)
        archive = channels.read_bounded(s3, bucket, key, artifact.MAX_BYTES)
        program = images.program(container)
        code = program.fetch(s3) if program else b""
    except CustomerError as error:
        # On AWS the container downloads its code itself, before it answers a ping.
        raise _not_healthy(config, str(error)) from error
    except (ClientError, BotoCoreError, ApiError) as error:
        raise NotServing(
            f'Failed to download model data for container "container_1" from URL: "{container["ModelDataUrl"]}". '
            "Please ensure that there is an object located at the URL and that the role passed to CreateModel has "
            f"permissions to download the object. ({error})"
        ) from error
    return {
        **config,
        "Image": container["Image"],
        "ModelDataUrl": container["ModelDataUrl"],
        "Environment": container.get("Environment", {}),
        "LoadedAt": now(),
        "Artifact": base64.b64encode(archive).decode(),
        "Code": base64.b64encode(code).decode(),
    }


def load(variants: Sequence[Json]) -> Fleet:
    """Loads the variants that `fetch` returned. Raises NotServing if a model cannot be loaded."""
    return Fleet(
        tuple(
            Variant(
                variant["VariantName"],
                variant["InitialVariantWeight"],
                _predictor(variant),
                SERVERLESS_MAX_BYTES if "ServerlessConfig" in variant else MAX_BYTES,
            )
            for variant in variants
        )
    )


def _predictor(variant: Json) -> Predictor:
    try:
        # Variants saved by an older version have no code.
        server = images.server(variant, base64.b64decode(variant.get("Code", "")))
        with tempfile.TemporaryDirectory(prefix="refit-model-") as folder:
            _unpack(variant, Path(folder))
            return server.load(Path(folder))
    except (CannotLoad, CustomerError) as error:
        raise _not_healthy(variant, str(error)) from error


def _unpack(variant: Json, folder: Path) -> None:
    """Extracts the artifact. Raises NotServing with AWS's words: aws/deep-learning-containers#569."""
    try:
        artifact.unpack(base64.b64decode(variant["Artifact"]), folder)
    except CannotLoad as error:
        url = variant.get("ModelDataUrl", "")  # variants saved by an older version have none
        raise NotServing(
            f'Failed to extract model data archive for container "container_1" from URL "{url}". Please ensure that '
            f"the object located at the URL is a valid tar.gz archive. ({error})"
        ) from error


def _not_healthy(variant: Json, reason: str) -> NotServing:
    return NotServing(
        f"The primary container for production variant {variant['VariantName']} did not pass the ping health "
        f"check. Please check CloudWatch logs for this endpoint. ({reason})"
    )


# By the exact name: only InvokeEndpoint distinguishes uppercase from lowercase.
_fleets: dict[tuple[Scope, str], Fleet] = {}


def put(endpoint: Endpoint, fleet: Fleet) -> None:
    """Serves the endpoint with this fleet from now on."""
    _fleets[endpoint.scope, endpoint.name] = fleet


def remove(endpoint: Endpoint) -> None:
    """Stops serving the endpoint."""
    _fleets.pop((endpoint.scope, endpoint.name), None)


def fleet(scope: Scope, name: str) -> Fleet | None:
    """The fleet of the endpoint with exactly this name; None if it is not in service."""
    return _fleets.get((scope, name))


def clear() -> None:
    """Stops serving every endpoint."""
    _fleets.clear()
