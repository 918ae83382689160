from enum import Enum, IntEnum, StrEnum, auto


class Plain(Enum):
    A = 1
    B = "two"
    C = 1


class Text(StrEnum):
    RED = auto()
    BLUE = "b"


class Number(IntEnum):
    ONE = 1
    TWO = auto()


class Mixed(str, Enum):
    X = "x"
    Y = "y"

    def shout(self) -> str:
        return self.value.upper()


class Auto(Enum):
    FIRST = auto()
    SECOND = auto()


Made = Enum("Made", "P Q")

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Plain, b: Text, c: Number, d: Mixed, e: Auto, f: Text = Text.RED, g: Number = Number.TWO, h: Made, i: dict[Text, int] = {}) -> TaskResult[list[Text], TaskError]: ...
