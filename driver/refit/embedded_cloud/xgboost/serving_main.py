"""Serves one model in its own process: python -m refit.embedded_cloud.xgboost.serving_main

Reads documents from stdin, one JSON object per line: first {"model": path}, then the requests. Answers each with one
line on stdout. Ends when stdin closes, so no process outlives its cloud.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from refit.embedded_cloud.instance.algorithm import CannotLoad, ModelError, Payload
from refit.embedded_cloud.xgboost import booster
from refit.embedded_cloud.xgboost.booster import LoadedBooster


def main() -> None:
    """Loads the model, and answers requests until stdin closes."""
    # The library's own output must not be mistaken for an answer.
    answers, sys.stdout = sys.stdout, sys.stderr

    def send(document: Mapping[str, Any]) -> None:
        print(json.dumps(document), file=answers, flush=True)

    try:
        model = booster.load(Path(json.loads(sys.stdin.readline())["model"]))
    except CannotLoad as error:
        send({"failed": str(error)})
        return
    send({"loaded": True})
    for line in sys.stdin:
        send(_answer(model, json.loads(line)))


def _answer(model: LoadedBooster, request: Mapping[str, str]) -> Mapping[str, Any]:
    try:
        payload = Payload(base64.b64decode(request["body"]), request["content_type"], request["accept"])
        response = model.predict(payload)
    except ModelError as error:
        return {"status": error.status, "message": str(error)}
    body = base64.b64encode(response.body).decode()
    return {"status": 200, "body": body, "content_type": response.content_type}


if __name__ == "__main__":
    main()
