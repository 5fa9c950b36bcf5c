"""The kinds of problems that a file can have, as stable words: for searching, for machines, for docs/problems.md.

A code outlives the wording of its messages. None is ever given another meaning; a new kind of mistake gets a new code.
"""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """One kind of problem; `meaning` says in one sentence what is wrong when it is reported."""

    meaning: str

    def __new__(cls, code: str, meaning: str) -> Code:
        member = str.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    # The text of a pipeline file.
    UNREADABLE_FILE = "unreadable-file", "The file cannot be read from the disk."
    FILE_TOO_BIG = "file-too-big", "The file is far larger than any pipeline needs, and is not parsed."
    NOT_UTF8 = "not-utf8", "A byte of the file is not UTF-8."
    CONTROL_CHARACTER = "control-character", "An invisible control character stands in the file."
    TOO_DEEP = "too-deep", "Lists or objects are nested deeper than any field goes."
    SYNTAX = "syntax", "The text is not HCL as Terraform reads it."
    BAD_STRING = "bad-string", "A string does not end on its line, or holds an escape that HCL does not know."
    NOT_A_LITERAL = "not-a-literal", "A reference, a call, a calculation or a template stands where only a value may."
    DUPLICATE_KEY = "duplicate-key", "A name is written twice."
    SETTINGS_SYNTAX = "settings-syntax", "The text of refit.toml is not TOML."

    # A single field.
    UNKNOWN_FIELD = "unknown-field", "There is no field of that name."
    MISSING_FIELD = "missing-field", "A field that every file must have is not written."
    WRONG_TYPE = "wrong-type", "The value is of another type than the field."
    OUT_OF_RANGE = "out-of-range", "A number is smaller or larger than AWS or Refit takes."
    TOO_MANY = "too-many", "A list or a map has more entries than AWS takes."
    NOT_A_CHOICE = "not-a-choice", "The field takes only some values, and this is none of them."
    BAD_VALUE = "bad-value", "The text has characters or a length that AWS does not take here."
    BAD_NAME = "bad-name", "AWS or Slack would not accept the name."
    BAD_REGION = "bad-region", "The text is not the code of an AWS region."
    BAD_ARN = "bad-arn", "The text is not an ARN of the right kind."
    BAD_IMAGE = "bad-image", "The text is not an image in Amazon ECR with its tag or digest."
    BAD_INSTANCE_TYPE = "bad-instance-type", "The text is not an instance type of SageMaker."
    BAD_PREFIX = "bad-prefix", "The text is not a folder in a bucket."
    BAD_SCHEDULE = "bad-schedule", "EventBridge Scheduler would not accept the expression."
    BAD_DATE = "bad-date", "The text is not a real date as YYYY-MM-DD."
    UNKNOWN_TIME_ZONE = "unknown-time-zone", "The IANA time zone database has no zone of that name."
    RESERVED = "reserved", "Refit or AWS keeps the name or the folder for itself."

    # Fields that do not go together.
    WINDOW_MIXED = "window-mixed", "The window is sliding and pinned at once."
    WINDOW_HALF = "window-half", "A pinned window has a start without an end, or an end without a start."
    WINDOW_REVERSED = "window-reversed", "A pinned window ends before it starts."
    WINDOW_TOO_LONG = "window-too-long", "A pinned window has more days than a leap year."
    WINDOW_IN_FUTURE = "window-in-future", "A pinned window ends on a day that is still to come."
    HOLDOUT_TOO_LONG = "holdout-too-long", "The holdout leaves no day of the window to train on."
    MIN_DAYS_TOO_MANY = "min-days-too-many", "More days with data are asked for than the window has."
    MIN_DAYS_TOO_FEW = "min-days-too-few", "So few days with data are asked for that all of them could be held out."
    ONE_OF_TWO = "one-of-two", "Exactly one of two fields must be written."
    NEEDS_ANOTHER = "needs-another", "The field needs another one that is not written."
    UNUSED_FIELD = "unused-field", "The field does nothing beside what else is written."
    OTHER_STRATEGY = "other-strategy", "The field means nothing to the deployment's strategy."
    BATCH_TOO_LARGE = "batch-too-large", "A batch of the deployment is more than half of the instances."
    WAITS_TOO_LONG = "waits-too-long", "The deployment waits for as long as it may take, or longer."
    GATE_MIXED = "gate-mixed", "The gate has an absolute limit on both sides of its metric."
    GATE_OPEN = "gate-open", "The gate has no limit that could reject a model."
    GATE_DIRECTION = "gate-direction", "The gate's limit is on the side on which its metric is good."
    GATE_METRIC = (
        "gate-metric",
        "The training job does not report the gate's metric, or it does not follow from predictions.",
    )
    SOURCE_MISSING = "source-missing", "The folder with an own algorithm's code, or its entry point, is not there."
    POLLS_TOO_OFTEN = "polls-too-often", "The longest run would poll so often that AWS ends it."

    # The file among others.
    UNKNOWN_PIPELINE = "unknown-pipeline", "No pipeline has that name, or more than one environment has it."
    NAME_MISMATCH = "name-mismatch", "The pipeline is not called like its file."
    BAD_FILE_NAME = "bad-file-name", "The file's name, or its folder's, does not name a pipeline or an environment."
    COLLISION = "collision", "Two pipelines of an environment want the same name, endpoint or data."

    # The rows of a file with data.
    HEADER = "header", "The first line names columns, and data is expected."
    UNKNOWN_COLUMN = "unknown-column", "The header has no column of that name."
    WRONG_COLUMNS = "wrong-columns", "A row has more or fewer columns than the pipeline has features."
    NOT_A_NUMBER = "not-a-number", "A cell is not a finite number."

    # The data in the bucket, looked at by `refit validate --live`.
    BUCKET_MISSING = "bucket-missing", "There is no bucket yet."
    DATA_UNKNOWN = "data-unknown", "AWS would not let the data be looked at."
    DATA_MISSING = "data-missing", "Days of the window have no objects."
    DATA_EMPTY = "data-empty", "Days of the window have empty objects only."
    DATA_TOO_LITTLE = "data-too-little", "Fewer days have data than a run needs."
    DATA_STALE = "data-stale", "The newest data is older than it should be."
    DATA_MALFORMED = "data-malformed", "Sampled rows are not what the training job reads."
    DATA_IGNORED = "data-ignored", "Objects in the window belong to no day by their names."
