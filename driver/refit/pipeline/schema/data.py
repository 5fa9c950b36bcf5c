"""The data section of a pipeline file: where the daily data is, and the shape of its rows."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from refit.domain import data_formats
from refit.domain.data_bucket import DataBucket
from refit.domain.data_formats import FORMATS, DataFormat
from refit.domain.layout import Layout
from refit.pipeline.schema import layers, value_types
from refit.pipeline.schema.base import Section, ValidationContext
from refit.pipeline.schema.constraints import Constraint, Violation
from refit.pipeline.schema.contract import EXAMPLE, Column, Rows, column_rules
from refit.pipeline.schema.data_layout import DataLayout
from refit.pipeline.schema.existing_bucket import AccountId, ExistingBucket, KeyArn
from refit.problem_codes import Code

# BaseModel.schema is a deprecated method, which no code of Refit calls.
warnings.filterwarnings("ignore", 'Field name "schema" in "Data" shadows an attribute', UserWarning)
ROWS = EXAMPLE.replace(" }] }", " }], rows = { min = 100 } }")
CHECK_LAYER = EXAMPLE.replace(" }] }", f' }}], check_layer_arn = "{layers.EXAMPLE_ARN}" }}')
ON_BAD_DAY = EXAMPLE.replace(" }] }", ' }], on_bad_day = "skip" }')
SCHEMA_FILE = r"^[A-Za-z0-9_-]{1,100}(\.schema)?\.json$"
"""The name of a file with columns (refit.pipeline.listing.JSON_NAME)."""
_MEDIA = "[A-Za-z0-9][A-Za-z0-9!#&^_.+-]*"


class Data(Section):
    """Where the daily data arrives, and the shape of its rows."""

    bucket: Annotated[
        ExistingBucket | None,
        Constraint(
            "be the name of a bucket: 3 to 63 lowercase letters, digits and inner dots and hyphens, no reserved prefix",
            'data = { bucket = "company-lake", prefix = "sales/", feature_dim = 13 }',
            Code.BAD_NAME,
        ),
    ] = None
    """An existing bucket with the data, in the region of the stack. Refit reads the prefix and changes nothing. If
    omitted, the data is in the bucket that the stack creates.
    """
    bucket_owner: Annotated[
        AccountId | None,
        Constraint(
            "be the 12 digits of an AWS account, in double quotes",
            'data = { bucket = "company-lake", bucket_owner = "123456789012", prefix = "sales/", feature_dim = 13 }',
            Code.BAD_VALUE,
        ),
    ] = None
    """The AWS account that owns `bucket`. Refit's own requests fail if another account owns it."""
    kms_key_arn: Annotated[
        KeyArn | None,
        Constraint(
            "be the ARN of a KMS key, not of an alias",
            'data = { bucket = "company-lake", kms_key_arn = "arn:aws:kms:us-west-2:123456789012:key/'
            '1234abcd-12ab-34cd-56ef-1234567890ab", prefix = "sales/", feature_dim = 13 }',
            Code.BAD_ARN,
        ),
    ] = None
    """The customer managed KMS key that encrypts the objects in `bucket`, if it has one."""
    prefix: Annotated[
        value_types.DataPrefix,
        Constraint(
            "be a folder of letters, digits and ! _ . ' ( ) = - that ends in /, without empty parts",
            'data = { prefix = "data/home-prices/train/", feature_dim = 13 }',
            Code.BAD_PREFIX,
        ),
    ]
    """The folder in the bucket; without `layout`, a day's data is `<prefix>YYYY-MM-DD.csv` (or the `format`'s suffix),
    or everything below `<prefix>YYYY-MM-DD/`.
    """
    format: Annotated[
        Literal["csv", "csv.gz", "parquet", "jsonlines", "recordio"],
        Constraint(
            'be "csv", "csv.gz", "parquet", "jsonlines" or "recordio"',
            'data = { prefix = "data/home-prices/train/", feature_dim = 13, format = "csv" }',
        ),
    ] = "csv"
    """The format of the data, which is the content type of the channels and the suffix of the default `layout`: `.csv`,
    `.csv.gz`, `.parquet`, `.jsonl`, `.recordio`. Linear Learner reads `csv` and `recordio`, and `csv.gz` in Pipe mode.
    """
    content_type: Annotated[
        str | None,
        Field(pattern=rf"^{_MEDIA}/{_MEDIA}( ?; ?{_MEDIA}={_MEDIA})*$", max_length=256),
        Constraint(
            "be a media type of at most 256 characters",
            'data = { prefix = "data/home-prices/train/", feature_dim = 13, content_type = "text/csv; label_size=1" }',
        ),
    ] = None
    """The content type of the channels, for a format that `format` does not have. Without `layout`, a day's data is
    then everything below `<prefix>YYYY-MM-DD/`.
    """
    layout: Annotated[
        DataLayout | None,
        Constraint(
            "be a pattern with %Y, %m and %d in this order",
            'data = { prefix = "data/home-prices/train/", feature_dim = 13, layout = "dt=%Y-%m-%d/" }',
            Code.BAD_LAYOUT,
        ),
    ] = None
    """How keys below `prefix` name their day: `%Y`, `%m`, `%d` and `%H` as in strftime, `*` for any text without a
    slash. A pattern that ends in a slash is the folder of a day's data, otherwise the name of its objects.
    """
    ready: Annotated[
        str | None,
        Field(pattern=r"^[A-Za-z0-9._-]{1,255}$"),
        Constraint(
            "be the name of an object, of letters, digits and . _ -",
            'data = { prefix = "data/home-prices/train/", feature_dim = 13, ready = "_SUCCESS" }',
            Code.BAD_NAME,
        ),
    ] = None
    """The object that marks a day as complete, in the folder of the day; without it the day does not count. If omitted,
    days need no marker.
    """
    feature_dim: Annotated[
        int,
        Field(ge=1, le=10_000_000),
        Constraint("be between 1 and 10000000", 'data = { prefix = "data/home-prices/train/", feature_dim = 13 }'),
    ]
    """The number of features in a row, not counting the label, which comes first."""
    stale_after_days: Annotated[
        int | None,
        Field(ge=1, le=365),
        Constraint(
            "be between 1 and 365",
            'data = { prefix = "data/home-prices/train/", feature_dim = 13, stale_after_days = 3 }',
        ),
    ] = None
    """The age in days at which runs report the newest data as stale in Slack; if omitted, they never do."""
    schema: Annotated[
        tuple[Column, ...],
        Constraint("be a list of objects, one for each column, the label first", EXAMPLE),
    ] = ()  # type: ignore[assignment]
    """The data contract: the columns of a row, the label first. Runs check every day of their window by it before they
    train, and `refit check` does; if omitted, nothing is checked.
    """
    schema_file: Annotated[
        str | None,
        Field(pattern=SCHEMA_FILE),
        Constraint(
            "be the name of a JSON file next to the pipeline file: letters, digits, _ and -, then .json or "
            ".schema.json",
            'data = { prefix = "data/home-prices/train/", feature_dim = 13, schema_file = "home-prices.schema.json" }',
            Code.BAD_NAME,
        ),
    ] = None
    """A JSON file next to the pipeline file with the columns, instead of `schema`: a list of objects with the same
    fields, or an object with this list as `columns`.
    """
    rows: Annotated[Rows | None, Constraint("be an object", ROWS)] = None
    """How many rows a day has, as a part of the data contract; if omitted, any number."""
    on_bad_day: Annotated[Literal["fail", "skip"], Constraint('be "fail" or "skip"', ON_BAD_DAY)] = "fail"
    """What a run does when a day breaks the data contract: it ends in DataRejected, or it leaves the day out."""
    check_layer_arn: Annotated[
        value_types.LayerArn | None,
        Constraint("be the ARN of a version of a Lambda layer", CHECK_LAYER, Code.BAD_ARN),
    ] = None
    """The Lambda layer for Python 3.12 on x86_64 that brings pyarrow and NumPy to the check of the data contract; if
    omitted, the public one of AWS SDK for pandas. Regions that do not have that one need a layer of their own.
    """

    def broken_rules(self, context: ValidationContext) -> Iterator[Violation]:
        for field in ("bucket_owner", "kms_key_arn"):
            if self.bucket is None and getattr(self, field) is not None:
                message = f"data.{field} is about an existing bucket, but data.bucket is not set"
                hint = f'remove {field}, or add bucket = "…", the name of the existing bucket'
                yield Violation((field,), Code.NEEDS_ANOTHER, message, hint)
        if self.bucket is None and self.prefix.startswith(("runs/", "models/")):
            message = f'data.prefix must not be in runs/ or models/, which Refit writes, got "{self.prefix}"'
            yield Violation(("prefix",), Code.RESERVED, message, f'write prefix = "data/{self.prefix}"')
        if self.content_type is not None and "format" in self.model_fields_set:
            message = f'data.format has no effect with data.content_type, which is "{self.content_type}"'
            yield Violation(("format",), Code.UNUSED_FIELD, message, "remove one of the two")
        if self.ready and self.layout and (not self.layout.endswith("/") or "%H" in self.layout):
            which = "names a folder of each hour" if "%H" in self.layout else "names no folder of a day"
            message = f'data.ready is looked for in the folder of a day, but data.layout "{self.layout}" {which}'
            yield Violation(("ready",), Code.BAD_LAYOUT, message, self._folder_of_the_day())

        yield from column_rules(self.schema, self.feature_dim)
        if self.schema and self.contract_format is None:
            message = f"data.schema cannot be checked in {self.data_format.content_type}, which Refit does not read"
            yield Violation(("schema",), Code.NOT_READABLE, message, "remove it, or write the data as csv or parquet")
        if not self.schema:
            for name in ("rows", "on_bad_day", "check_layer_arn"):
                if name in self.model_fields_set:
                    message = f"data.{name} has no effect without data.schema"
                    hint = "remove it, or add what this prints: refit schema infer PIPELINE"
                    yield Violation((name,), Code.NEEDS_ANOTHER, message, hint)

    @property
    def existing_bucket(self) -> DataBucket | None:
        """The bucket with the data if it is not the stack's own."""
        return DataBucket(self.bucket, self.bucket_owner) if self.bucket else None

    @property
    def key_layout(self) -> Layout:
        """The keys of the days' data."""
        return Layout(self.prefix, self.layout, self.ready, self.data_format.suffix)

    @property
    def data_format(self) -> DataFormat:
        """The format of the days' data."""
        return data_formats.data_format(self.format, self.content_type)

    @property
    def contract_format(self) -> str | None:
        """The format in which the data contract is checked; None if Refit does not read it."""
        media_type = self.data_format.media_type
        return next((name for name in ("csv", "parquet", "jsonlines") if FORMATS[name].media_type == media_type), None)

    def _folder_of_the_day(self) -> str:
        head, code, _ = (self.layout or "").partition("%d")
        return f'remove ready, or write layout = "{head}{code}/"'
