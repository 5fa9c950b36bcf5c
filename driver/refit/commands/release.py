"""`refit release`: ends a hold."""

from __future__ import annotations

import typer

from refit.commands.options import AsJson, PipelineName, find_deployed
from refit.commands.output import emit

app = typer.Typer()


@app.command()
def release(name: PipelineName, as_json: AsJson = False) -> None:
    """End a hold. Runs may replace the model again.

    Example: refit release prod/home-prices
    """
    from refit.aws import hold
    from refit.domain.hold import describe

    ref = find_deployed(name)
    ended = hold.release(ref)
    if as_json:
        emit({"pipeline": ref.key, "released": describe(ended) if ended else None})
        return
    print(f"{ref.key}: released; it was {describe(ended)}" if ended else f"{ref.key}: not held")
