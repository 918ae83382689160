"""The kinds of change: code, name, what it means, what to do. The codes are HC5xx, never used twice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change. ``name`` reads after *allow*; ``remedy`` says what to do about it."""

    code: str
    name: str
    about: str
    remedy: str


_EXPAND = (
    "expand and contract: deploy workers that take both forms, then producers that send the new one, and remove the old "
    "form when no row holds it any more; or give the task a new name"
)
_RESULT_READERS = "results are read by consumers that are deployed apart: keep the old form readable until all are"

REQUIRED_PARAMETER_ADDED = Kind(
    "HC501",
    "required-parameter-added",
    "A parameter without a default is new. Payloads that are queued already do not have it.",
    "give it a default, and make it required when every producer sends it and no old row is left",
)
OPTIONAL_PARAMETER_ADDED = Kind(
    "HC502",
    "optional-parameter-added",
    "A parameter with a default is new. Old workers refuse payloads that use it.",
    "deploy workers before the producers that send it",
)
PARAMETER_REMOVED = Kind(
    "HC503",
    "parameter-removed",
    "A parameter is gone. Payloads that hold it are refused.",
    "keep it with a default and ignore it; remove it when no producer sends it and no row holds it",
)
PARAMETER_RENAMED = Kind(
    "HC504",
    "parameter-renamed",
    "A parameter is gone, and a new one of its type looks like it.",
    "keep the old parameter with a default beside the new one, both optional, and use whichever is given, until no row "
    "holds the old one",
)
PARAMETER_MADE_REQUIRED = Kind(
    "HC505",
    "parameter-made-required",
    "A parameter lost its default. Payloads that leave it out are refused.",
    "keep the default until no row leaves it out",
)
PARAMETER_MADE_OPTIONAL = Kind(
    "HC506",
    "parameter-made-optional",
    "A parameter has a default now. Old workers refuse payloads that leave it out.",
    "deploy workers before the producers that leave it out",
)
DEFAULT_CHANGED = Kind(
    "HC507",
    "default-changed",
    "The default of a parameter or a field changed. Rows that leave it out mean another value when they run.",
    "fine if queued tasks may use the new default; else send the value explicitly first",
)
TYPE_CHANGED = Kind("HC510", "type-changed", "Neither side takes what the other writes.", _EXPAND)
TYPE_NARROWED = Kind(
    "HC511",
    "type-narrowed",
    "The new type takes less than the old one wrote.",
    "keep taking the old type beside the new one (a union) until no row holds it",
)
TYPE_WIDENED = Kind(
    "HC512",
    "type-widened",
    "The new type writes more than old readers take.",
    "deploy the readers first: workers before producers for a parameter, consumers before workers for a result",
)
VALUES_REMOVED = Kind(
    "HC513",
    "values-removed",
    "An enum member or a literal is gone. Rows that hold it are refused.",
    "keep the value readable until no row holds it; stop producing it first",
)
VALUES_ADDED = Kind(
    "HC514",
    "values-added",
    "An enum member or a literal is new. Old readers refuse it.",
    "deploy the readers before anything writes the new value",
)
CONSTRAINT_TIGHTENED = Kind(
    "HC515",
    "constraint-tightened",
    "A bound, a length, a multiple or a number of digits allows less.",
    "check the new limit inside the task first, and tighten the type when no row breaks it",
)
CONSTRAINT_RELAXED = Kind(
    "HC516",
    "constraint-relaxed",
    "A bound, a length, a multiple or a number of digits allows more. Old readers refuse what is new.",
    "deploy the readers before anything writes beyond the old limit",
)
PATTERN_CHANGED = Kind(
    "HC517",
    "pattern-changed",
    "A regular expression changed. Whether one includes the other is not decided: it counts as breaking.",
    "acknowledge it if the new pattern matches every text that the old one did; else check it inside the task first",
)
TAG_CHANGED = Kind("HC518", "tag-changed", "Members of a union are told apart by another property.", _EXPAND)
REQUIRED_FIELD_ADDED = Kind(
    "HC520",
    "required-field-added",
    "A field without a default is new in a model. Values that are stored already do not have it.",
    "give the field a default",
)
OPTIONAL_FIELD_ADDED = Kind(
    "HC521",
    "optional-field-added",
    "A field with a default is new in a model. Old readers drop it in silence, or refuse it if the model is closed.",
    "deploy the readers before the writers",
)
FIELD_REMOVED = Kind(
    "HC522",
    "field-removed",
    "A field is gone from a model.",
    "keep the field with a default until nothing reads it and no row holds it",
)
FIELD_RENAMED = Kind(
    "HC523",
    "field-renamed",
    "A field is gone from a model, and a new one of its type looks like it.",
    "accept the old name too",
)
FIELD_MADE_REQUIRED = Kind(
    "HC524",
    "field-made-required",
    "A field lost its default. Values that leave it out are refused.",
    "keep the default until no row leaves it out",
)
FIELD_MADE_OPTIONAL = Kind(
    "HC525",
    "field-made-optional",
    "A field has a default now. Old readers refuse values that leave it out.",
    "deploy the readers before the writers that leave it out",
)
MODEL_CLOSED = Kind(
    "HC526",
    "model-closed",
    "A model refuses unknown keys that it took before.",
    "keep the model open until no row holds unknown keys",
)
MODEL_OPENED = Kind(
    "HC527",
    "model-opened",
    "A model writes unknown keys that old readers refuse.",
    "deploy the readers before the writers",
)
VALIDATOR_CHANGED = Kind(
    "HC528",
    "validator-changed",
    "A validator was added or removed. What it refuses cannot be seen from outside.",
    "make sure that the validator accepts every value that is queued",
)
TASK_REMOVED = Kind(
    "HC530",
    "task-removed",
    "A task is gone. Rows that wait for it have no worker.",
    "stop sending it, wait until no row waits for it, then remove it (see --against-live)",
)
TASK_RENAMED = Kind(
    "HC531",
    "task-renamed",
    "A task has another name. Rows under the old one have no worker.",
    "declare the old name as an alias",
)
TASK_ADDED = Kind(
    "HC532",
    "task-added",
    "A task is new. Old workers leave it for a capable one.",
    "deploy workers before the producers that send it",
)
NAME_REUSED = Kind(
    "HC533",
    "removed-name-reused",
    "A name that belonged to a removed task is used for another one. Old rows and old producers would reach it.",
    "choose another name; a removed one stays taken for ever",
)
ALIAS_REMOVED = Kind(
    "HC534",
    "alias-removed",
    "A task no longer answers to an old name. Rows under that name have no worker.",
    "keep the alias until no row waits under the old name (see --against-live)",
)
UPCASTER_REMOVED = Kind(
    "HC535",
    "upcaster-removed",
    "A task no longer turns payloads of a former signature into today's, and does not take them itself.",
    "keep the upcaster until no row was written by that signature (see --against-live)",
)
UNKNOWN_CONTRACT = Kind(
    "HC536",
    "unknown-contract",
    "Rows wait whose payloads were encoded by a contract that no worker has registered, so nothing is known of them.",
    "deploy workers of the version that sends them, or name a lock that holds the contract with --against too",
)
QUEUED_PAYLOAD_REFUSED = Kind(
    "HC537",
    "queued-payload-refused",
    "Payloads that are queued now, looked at one by one, are refused by the task of today.",
    "keep taking them until they are done, or let the workers that can read them empty the queue first",
)
QUEUE_MOVED = Kind(
    "HC540",
    "queue-moved",
    "A task is sent to another queue. Rows stay in the one they were sent to.",
    "deploy workers that read both queues first, and keep reading the old one until it is empty",
)
TIMEOUT_REDUCED = Kind(
    "HC541",
    "timeout-reduced",
    "A task has less time. Queued tasks run under the new limit.",
    "make sure that queued tasks finish within it",
)
RETRY_CODE_REMOVED = Kind(
    "HC542",
    "retry-code-removed",
    "An error code is no longer retried. Tasks that wait for a retry end at their next failure.",
    "fine if failing for good is what is wanted",
)
RETRIES_REDUCED = Kind(
    "HC543",
    "retries-reduced",
    "A task is retried less often.",
    "fine if failing earlier is what is wanted",
)
ERROR_CODE_ADDED = Kind(
    "HC544",
    "error-code-added",
    "A task produces an error code that consumers do not know yet.",
    "consumers must have a branch for codes that they do not know",
)
ERROR_CODE_REMOVED = Kind(
    "HC545",
    "error-code-removed",
    "A task no longer produces an error code.",
    "nothing breaks; branches for the code may go when no stored result holds it",
)

KINDS: tuple[Kind, ...] = tuple(
    sorted((value for value in list(globals().values()) if isinstance(value, Kind)), key=lambda kind: kind.code)
)
"""Every kind, by code."""

RESULT_REMEDY = _RESULT_READERS
"""What to do about a change of a result, beside the kind's own remedy."""
