"""What one file with tasks comes to."""

from __future__ import annotations

from typing import NamedTuple

from horsies_codegen.emit import Portion
from horsies_codegen.pipeline.judged import Judged


class Worked(NamedTuple):
    """What a file comes to; its portion of the build, if that was asked for and every task of it has a contract."""

    judged: Judged
    portion: Portion | None = None
