"""The codes of all problems in files, for searches, scripts and docs/problems.md.

Codes are stable: the wording of a message may change, the meaning of a code does not. A new kind of mistake gets a new
code.
"""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """One kind of problem; `meaning` describes it in one sentence."""

    meaning: str

    def __new__(cls, code: str, meaning: str) -> Code:
        member = str.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    # The text of a pipeline file.
    UNREADABLE_FILE = "unreadable-file", "The file cannot be read from disk."
    SYMBOLIC_LINK = (
        "symbolic-link",
        "A symbolic link is in the place of a pipeline file, a folder of them, or refit.toml.",
    )
    FILE_TOO_BIG = "file-too-big", "The file is far larger than any pipeline file or refit.toml, and is not parsed."
    NOT_UTF8 = "not-utf8", "The file is not encoded in UTF-8."
    CONTROL_CHARACTER = "control-character", "The file contains an invisible control character."
    TOO_DEEP = "too-deep", "Lists or objects are nested deeper than any field."
    SYNTAX = "syntax", "The text is not valid HCL, or not valid JSON in the file of data.schema_file."
    BAD_STRING = "bad-string", "A string does not end on its line, or contains an invalid escape sequence."
    NOT_A_LITERAL = "not-a-literal", "A value is a reference, a function call, a calculation or a template."
    DUPLICATE_KEY = "duplicate-key", "A name is set twice."
    SETTINGS_SYNTAX = "settings-syntax", "The text of refit.toml is not TOML."

    # A single field.
    UNKNOWN_FIELD = "unknown-field", "There is no field with that name."
    MISSING_FIELD = "missing-field", "A required field is missing."
    WRONG_TYPE = "wrong-type", "The value does not have the field's type."
    OUT_OF_RANGE = "out-of-range", "A number is smaller or larger than AWS or Refit accepts."
    TOO_MANY = "too-many", "A list or a map has more entries than AWS accepts."
    NOT_A_CHOICE = "not-a-choice", "The value is not one of the values that the field accepts."
    BAD_VALUE = "bad-value", "The value has characters or a length that AWS does not accept."
    BAD_NAME = "bad-name", "The name is not valid in AWS or Slack."
    BAD_REGION = "bad-region", "The value is not an AWS region code."
    BAD_ARN = "bad-arn", "The value is not an ARN of the required type."
    BAD_IMAGE = "bad-image", "The value is not an Amazon ECR image with a tag or digest."
    BAD_INSTANCE_TYPE = "bad-instance-type", "The value is not a SageMaker instance type."
    BAD_PREFIX = "bad-prefix", "The value is not a valid folder in a bucket."
    BAD_LAYOUT = "bad-layout", "The layout of the data does not name a day, or its days do not sort."
    BAD_SCHEDULE = "bad-schedule", "The value is not a valid EventBridge Scheduler expression."
    BAD_DATE = "bad-date", "The value is not a valid date in the form YYYY-MM-DD."
    UNKNOWN_TIME_ZONE = "unknown-time-zone", "The IANA time zone database has no zone with that name."
    RESERVED = "reserved", "The name or the folder is reserved by Refit or AWS."

    # Fields that conflict with each other.
    WINDOW_MIXED = "window-mixed", "The window is of more than one kind."
    WINDOW_HALF = "window-half", "A pinned window has a start without an end, or an end without a start."
    WINDOW_REVERSED = "window-reversed", "A pinned window ends before it starts."
    WINDOW_TOO_LONG = "window-too-long", "The window has more days than ten years, or none yet."
    WINDOW_IN_FUTURE = "window-in-future", "A pinned window ends, or an expanding window begins, in the future."
    HOLDOUT_TOO_LONG = "holdout-too-long", "The holdout leaves no day of the window to train on."
    MIN_DAYS_TOO_MANY = "min-days-too-many", "The window has fewer days than min_days requires."
    MIN_DAYS_TOO_FEW = "min-days-too-few", "All days with data could be held out, because min_days is too small."
    SCHEDULE_OVER = "schedule-over", "The schedule can never start a run again."
    ONE_OF_TWO = "one-of-two", "Exactly one of two fields must be set."
    NEEDS_ANOTHER = "needs-another", "The field requires another field that is not set."
    NOT_READABLE = (
        "not-readable",
        "The algorithm, the gate or the embedded cloud cannot read this format or input mode.",
    )
    UNUSED_FIELD = "unused-field", "The field has no effect in combination with the other fields."
    OTHER_STRATEGY = "other-strategy", "The field has no effect with this deployment strategy."
    BATCH_TOO_LARGE = "batch-too-large", "A batch of the deployment is more than half of the instances."
    WAITS_TOO_LONG = "waits-too-long", "The deployment's waits are at least as long as its time limit."
    GATE_MIXED = "gate-mixed", "The gate has both max and min."
    GATE_OPEN = "gate-open", "The gate has no limit that could reject a model."
    GATE_DIRECTION = "gate-direction", "The gate's limit has the wrong direction for its metric."
    GATE_METRIC = (
        "gate-metric",
        "The training job does not report the gate's metric, or it cannot be computed from predictions.",
    )
    SOURCE_MISSING = (
        "source-missing",
        "The folder with a custom algorithm's code, its entry point, or the file in data.schema_file does not exist.",
    )
    POLLS_TOO_OFTEN = (
        "polls-too-often",
        "The longest run would exceed the limit of Step Functions on history events.",
    )

    # The file in relation to others.
    UNKNOWN_PIPELINE = "unknown-pipeline", "No pipeline has that name, or pipelines in several environments have it."
    NAME_MISMATCH = "name-mismatch", "The pipeline's name differs from its file's name."
    BAD_FILE_NAME = (
        "bad-file-name",
        "The file's or folder's name is not a valid pipeline or environment name.",
    )
    NOT_A_PIPELINE = "not-a-pipeline", "The file is in the folder of the pipelines, but no command reads it."
    COLLISION = "collision", "Two pipelines of an environment have the same name or endpoint, or overlapping data."

    # The rows of a data file.
    NOT_CSV = "not-csv", "The file is not CSV with commas in UTF-8."
    HEADER = "header", "The first line is a header instead of data."
    UNKNOWN_COLUMN = "unknown-column", "The header has no column with that name."
    AMBIGUOUS_COLUMN = "ambiguous-column", "The header has several columns with that name."
    WRONG_COLUMNS = "wrong-columns", "A row has more or fewer columns than the pipeline has features."
    NOT_A_NUMBER = "not-a-number", "A cell is not a finite number."

    # The data in the bucket, checked by `refit validate --live`.
    BUCKET_MISSING = "bucket-missing", "The bucket does not exist yet."
    BUCKET_REGION = "bucket-region", "The existing bucket with the data is in another region than the stack."
    BUCKET_EVENTS = "bucket-events", "The existing bucket with the data sends no events, which arrival needs."
    DATA_UNKNOWN = "data-unknown", "The data could not be read from AWS."
    DATA_MISSING = "data-missing", "Days of the window have no objects."
    DATA_EMPTY = "data-empty", "Days of the window have only empty objects."
    DATA_UNMARKED = "data-unmarked", "Days of the window have data, but not the marker that data.ready requires."
    DATA_TOO_LITTLE = "data-too-little", "Fewer days have data than a run needs."
    DATA_STALE = "data-stale", "The newest data is older than expected."
    DATA_MALFORMED = "data-malformed", "Sampled rows do not have the format that the training job reads."
    DATA_IGNORED = "data-ignored", "The names of some objects in the window do not match any day."
    DATA_SKIPPED = "data-skipped", "Days without data have objects that are not data: hidden, unfinished, or sidecars."
    DATA_LAYOUT = "data-layout", "Objects under the prefix name days, but in another layout than the pipeline reads."
