"""One annotation after another, through both front ends: equal nodes and definitions, or the same refusal.

The golden cases show what users write; this table goes to the corners. Where only one of the two can know (a class of the
standard library that the compiler has no source of, a compiled pattern), the codes may differ, and the row is not here.
"""

from __future__ import annotations

import sys
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from case_modules import resolved

from horsies_core.contract.draft import ParameterDraft, TaskDraft
from horsies_core.contract.laws import violations
from horsies_core.task.live.front import draft_of

MODULE = "agreement_corners"
DEFINITIONS = Path(__file__).with_name("corner_definitions.txt").read_text(encoding="utf-8")

RESOLVED = """
Annotated[int, "doc"]
tuple[()]
Final[int]
Gen[int]
Gen[list[str]]
Bytes1
Annotated[A1 | B1, Field(discriminator="k")]
Annotated[A1 | B1 | None, Field(discriminator="k")]
Optional[Annotated[Union[A1, B1], Discriminator("k")]]
list[Annotated[AliasTag | AliasTag2, Field(discriminator="kind")]]
UseEnum
Literal[UseEnum.A]
Literal["a", None, 1, True]
DF
Priv
NT
UserId
Small
Rt
FrozenM
Inh
StrE
Auto
AutoI
Deft
conint(ge=1)
condecimal(max_digits=3)
constr(pattern="a")
conset(int, min_length=1)
confrozenset(int)
conbytes(min_length=1)
condate(ge=datetime.date(2020, 1, 1))
confloat(gt=1)
UUID1
UUID7
FilePath
DirectoryPath
FutureDate
PastDatetime
NameEmail
EmailStr
IPvAnyAddress
MongoDsn
HttpUrl
WebsocketUrl
FileUrl
AnyHttpUrl
StrictBytes
StrictBool
FiniteFloat
Annotated[float, AllowInfNan(False)]
JsonValue
Json[dict[str, int]]
Annotated[list[int], Field(min_length=1, max_length=3)]
Annotated[dict[str, int], annotated_types.MinLen(1)]
Annotated[int, annotated_types.Predicate(bool)]
Annotated[datetime.datetime, annotated_types.Timezone(None)]
Annotated[datetime.datetime, annotated_types.Timezone(...)]
Annotated[datetime.timedelta, Field(ge=datetime.timedelta(seconds=1))]
Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True)]
Annotated[int, Field(strict=True)]
Annotated[int, Strict()]
Annotated[int, AfterValidator(abs)]
dict[StrE, int]
dict[UserId, int]
dict[tuple[int, int], int]
dict[float, int]
dict[A1, int]
set[A1]
frozenset[str]
collections.deque[int]
MutableSequence[int]
AbstractSet[int]
collections.abc.Set[int]
MutableSet[int]
MutableMapping[str, int]
typing.List[int]
typing.Dict[str, int]
typing.Tuple[int, ...]
typing.Sequence[int]
typing.Text
re.Pattern
re.Pattern[str]
complex
ipaddress.IPv4Network
pathlib.PurePosixPath
pathlib.Path
int | None | int
None
Union[int]
Optional[None]
Annotated[int, Field(default=3)]
Annotated[int, Field(exclude=True)]
Annotated[int, Field(json_schema_extra={"x": 1}, title="t")]
Annotated[float, Field(multiple_of=0.5)]
Annotated[decimal.Decimal, Field(ge=1, le=2.5, multiple_of=decimal.Decimal("0.1"))]
Annotated[int, Field(ge=1.0)]
Annotated[int, Field(ge=1.5)]
Annotated[str, Field(max_length=3)] | None
Annotated[list[Annotated[str, Field(min_length=1)]] | None, Field(max_length=2)]
""".strip().splitlines()

REFUSED = """
HC201 list
HC202 Any
HC202 object
HC205 SecretStr
HC203 Callable[[], int]
HC007 Annotated[int, BeforeValidator(int)]
HC007 Annotated[int, PlainSerializer(str)]
HC007 Annotated[int, WrapValidator(lambda v, h: v)]
HC007 Before
HC007 Ser
HC007 Comp
HC007 Core
HC004 Fl
HC006 Annotated[int, Meta()]
HC202 T
HC203 Plain
HC203 collections.Counter[str]
HC203 collections.defaultdict[str, int]
HC203 collections.OrderedDict[str, int]
HC203 bytearray
HC203 ByteSize
HC007 Base64Bytes
HC007 Base64Str
HC006 Annotated[int, Field(alias="x")]
HC203 Literal[b"x"]
HC203 Tup
HC004 Untyped
HC007 Enc
HC007 Td
HC007 Min
HC007 Path_
HC203 ImportString
HC203 type[int]
HC203 Never
HC202 list[Any]
HC201 dict[str, list]
HC201 tuple
HC203 Hashable
HC203 Sized
HC203 Iterator[int]
HC203 Generator[int]
HC203 memoryview
HC203 range
HC203 LiteralString
HC202 Gen
HC202 Nested
HC202 Any1
HC203 DI
HC203 Strs
HC203 NewPath
HC006 Annotated[AnyUrl, UrlConstraints(max_length=20)]
HC203 InstanceOf[int]
HC203 SkipValidation[int]
HC203 AllowInfNan
HC203 PaymentCardNumber
HC006 Annotated[int | str, Field(ge=1)]
HC006 Annotated[str, annotated_types.LowerCase]
HC006 Annotated[UserId, Field(ge=1)]
HC006 Annotated[StrE, Field(min_length=1)]
HC203 datetime.tzinfo
HC205 Secret[int]
HC203 OnErrorOmit[int]
HC203 tuple[int, *tuple[str, ...]]
""".strip().splitlines()

ANNOTATIONS = [*RESOLVED, *(line.partition(" ")[2] for line in REFUSED)]


def _text() -> str:
    """A module with one task an annotation."""
    tasks = (
        f'@app.task("t{number}")\ndef t{number}(*, v: {annotation}) -> TaskResult[None, TaskError]: ...\n'
        for number, annotation in enumerate(ANNOTATIONS)
    )
    return DEFINITIONS + "\n" + "\n".join(tasks)


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> dict[str, TaskDraft]:
    """The drafts that the compiler reads."""
    folder = tmp_path_factory.mktemp("corners")
    (folder / f"{MODULE}.py").write_text(_text(), encoding="utf-8")
    return {task.draft.function: task.draft for task in resolved(folder).tasks}


class _NoApp:
    """Leaves functions as they are: a refused one would stop the import of all that follow."""

    def task(self, name: str) -> Any:
        return lambda function: function


@pytest.fixture(scope="module")
def live() -> Iterator[dict[str, TaskDraft]]:
    """The drafts of the live functions."""
    module = types.ModuleType(MODULE)
    sys.modules[MODULE] = module
    module.__dict__["NoApp"] = _NoApp
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = _text().replace("app = Horsies()", "app = NoApp()")
            exec(compile(text, f"{MODULE}.py", "exec", dont_inherit=True), module.__dict__)
            names = [f"t{number}" for number in range(len(ANNOTATIONS))]
            yield {name: draft_of(name, module.__dict__[name]) for name in names}
    finally:
        del sys.modules[MODULE]


def _parameter(draft: TaskDraft) -> ParameterDraft:
    [parameter] = draft.parameters
    return parameter


@pytest.mark.parametrize(("number", "annotation"), list(enumerate(RESOLVED)))
def test_both_read_the_same(
    static: dict[str, TaskDraft], live: dict[str, TaskDraft], number: int, annotation: str
) -> None:
    ours, theirs = static[f"t{number}"], live[f"t{number}"]
    assert [item.message for item in violations(theirs)] == []
    assert _parameter(ours) == _parameter(theirs)
    assert ours.definitions == theirs.definitions


@pytest.mark.parametrize(("number", "line"), list(enumerate(REFUSED, len(RESOLVED))))
def test_both_refuse_alike(static: dict[str, TaskDraft], live: dict[str, TaskDraft], number: int, line: str) -> None:
    code = line.partition(" ")[0]
    assert {item.code for item in violations(static[f"t{number}"])} == {code}
    assert {item.code for item in violations(live[f"t{number}"])} == {code}
