"""Checks the first bytes of a data object by the data contract, for `refit validate --live`."""

from __future__ import annotations

import io
import zlib
from dataclasses import replace

from refit.data.pyarrow_extra import require_pyarrow
from refit.domain.data_contract import Contract

GZIP = b"\x1f\x8b"
PARQUET = b"PAR1"
MAX_BYTES = 1 << 20
"""The maximum size of a decompressed sample."""


def fault(sample: bytes, contract: Contract, *, whole: bool) -> str | None:
    """The first breach in `sample`, the start of an object or the `whole` object; None if there is none.

    Of Parquet, whose description is at its end, only the first bytes are looked at. Raises NotInstalled.
    """
    if contract.format == "parquet":
        return None if sample.startswith(PARQUET) or not sample else "it is not a Parquet file"
    require_pyarrow()
    from refit.quality.measure import measure_day

    if sample.startswith(GZIP):
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            sample = unpacker.decompress(sample, MAX_BYTES)
        except zlib.error as error:
            return f"it cannot be decompressed: {error}"
        whole = whole and unpacker.eof
    if not whole:
        sample = sample[: sample.rfind(b"\n") + 1]
    found, breaches = measure_day([("it", io.BytesIO(sample))], contract)
    if breaches:
        first = min(breaches, key=lambda breach: breach.row or 0)
        row = f"row {first.row}: " if first.row else ""
        return f"{row}{replace(first, object=None)}"
    return "it has no rows" if whole and not found.rows else None
