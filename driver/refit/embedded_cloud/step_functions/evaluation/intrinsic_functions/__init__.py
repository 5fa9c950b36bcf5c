"""The intrinsic functions of JSONPath states, by name without `States.`.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from refit.embedded_cloud.step_functions.evaluation.intrinsic_functions import arrays, encoding, numbers, text
from refit.embedded_cloud.step_functions.evaluation.intrinsic_functions.arguments import Refusal

FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "Array": arrays.array,
    "ArrayContains": arrays.array_contains,
    "ArrayGetItem": arrays.array_get_item,
    "ArrayLength": arrays.array_length,
    "ArrayPartition": arrays.array_partition,
    "ArrayRange": arrays.array_range,
    "ArrayUnique": arrays.array_unique,
    "Base64Decode": encoding.base64_decode,
    "Base64Encode": encoding.base64_encode,
    "Format": text.format_text,
    "Hash": encoding.hash_text,
    "JsonMerge": encoding.json_merge,
    "JsonToString": encoding.json_to_string,
    "MathAdd": numbers.math_add,
    "MathRandom": numbers.math_random,
    "StringSplit": text.string_split,
    "StringToJson": encoding.string_to_json,
    "UUID": text.uuid,
}

__all__ = ["FUNCTIONS", "Refusal"]
