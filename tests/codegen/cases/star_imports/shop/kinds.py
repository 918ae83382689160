from enum import *

__all__ = ["Level"]
__all__ += ["Hidden"]


class Level(StrEnum):
    LOW = auto()


class Hidden(Enum):
    X = 1


List = 3
