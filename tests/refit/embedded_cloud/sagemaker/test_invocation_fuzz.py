"""Requests at random: every one is answered, or refused by the container with a 4xx, and none fails the cloud."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from refit.embedded_cloud.linear_learner import recordio
from tests.support.embedded_cloud.customer import Customer

SEED, REQUESTS = 20261130, 1500
MEDIA_TYPES = ["text/csv", "application/json", "application/jsonlines", recordio.MEDIA_TYPE, "", "image/png", "a/b;c=d"]
ACCEPTS = ["", "*/*", "text/csv", "application/json;q=x", recordio.MEDIA_TYPE, ";;,", "text/html", "q=1", "\xff"]
NUMBERS = ["1", "-2.5", "1e400", "9" * 400, "9" * 5000, "NaN", "Infinity", "1_0", "true", "null", '"x"', "１", "-0", ""]
KEYS = ['"features"', '"data"', '"instances"', '"values"', '"keys"', '"shape"', '"\\ud800"', '"x"']
# Signed by nobody: only the access key is looked at.
AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=test/20261130/us-west-2/sagemaker/aws4_request, SignedHeaders=host, Signature=0"
)


def json_text(chance: random.Random, depth: int = 0) -> str:
    """JSON, mostly: objects with the names that the container reads, lists, and odd numbers."""
    kind = chance.random()
    if depth > 4 or kind < 0.3:
        return chance.choice(NUMBERS)
    parts = [json_text(chance, depth + 1) for _ in range(chance.randrange(4))]
    if kind < 0.6:
        return f"[{', '.join(parts)}]"
    return f"{{{', '.join(f'{chance.choice(KEYS)}: {part}' for part in parts)}}}"


def damaged(chance: random.Random, body: bytes) -> bytes:
    """The bytes with one of them changed, removed or repeated; some of the time as they are."""
    at = chance.randrange(len(body) + 1)
    return chance.choice(
        [body, body, body[:at], body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :], body[:at] + body[at:] * 2]
    )


def bodies(chance: random.Random) -> Iterator[bytes]:
    record = recordio.MAGIC + b"\x0c\x00\x00\x00" + b"\x0a\x0a\x0a\x06values\x12\x00"
    while True:
        yield chance.choice(
            [
                json_text(chance).encode(),
                f'{{"instances": [{json_text(chance)}]}}'.encode(),
                f'{{"instances": [{{"features": {json_text(chance)}}}]}}'.encode(),
                f'{{"instances": [{{"data": {{"features": {json_text(chance)}}}}}]}}'.encode(),
                damaged(chance, b'{"instances": [{"data": {"features": {"keys": [0], "shape": [1], "values": [2]}}}]}'),
                damaged(chance, b'{"features": [1]}\n{"features": [2]}'),
                "\n".join(",".join(chance.choices(NUMBERS, k=chance.randrange(3))) for _ in range(3)).encode(),
                damaged(chance, record * 2),
                chance.randbytes(chance.randrange(60)),
                chance.choice([b"[", b'{"a":', b'{"instances":[']) * chance.choice([1, 100_000]),
                b"1",
            ]
        )


def test_no_request_ends_in_an_error_of_the_cloud(customer: Customer) -> None:
    endpoint = customer.new_endpoint(customer.doubling)
    chance = random.Random(SEED)  # noqa: S311 - repeatable, and not a secret
    connection = HTTPConnection(urlsplit(customer.cloud.endpoint_url).netloc, timeout=30)
    seen: Counter[tuple[int, int | None]] = Counter()
    for _, body in zip(range(REQUESTS), bodies(chance), strict=False):
        headers = {
            "Authorization": AUTHORIZATION,
            "Content-Type": chance.choice(MEDIA_TYPES),
            "Accept": chance.choice(ACCEPTS),
        }
        connection.request("POST", f"/endpoints/{endpoint}/invocations", body, headers)
        response = connection.getresponse()
        answer = response.read()
        described = f"{response.status} {answer[:300]!r} to {headers} {body[:300]!r}"
        if response.status == 200:
            seen[200, None] += 1
            continue
        assert response.status == 424, described
        status = json.loads(answer)["OriginalStatusCode"]
        assert status in (400, 406, 415), described
        assert json.loads(answer)["OriginalMessage"], described
        seen[424, status] += 1
    assert set(seen) == {(200, None), (424, 400), (424, 406), (424, 415)}, seen
    assert customer.score(endpoint) == 2


@pytest.mark.parametrize(
    "path", ["/endpoints/", "/endpoints/a/b/c", "/endpoints/%ff%fe/invocations", "/endpoints/%2e%2e"]
)
def test_a_path_at_random_is_an_error_of_the_service(customer: Customer, path: str) -> None:
    connection = HTTPConnection(urlsplit(customer.cloud.endpoint_url).netloc, timeout=30)
    connection.request("POST", path, b"1", {"Authorization": AUTHORIZATION, "Content-Type": "text/csv"})
    response = connection.getresponse()
    answer = response.read()
    assert response.status in (400, 404), answer
    assert json.loads(answer)["Message"]
