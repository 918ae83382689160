"""The sources of a tree, compiled for a comparison: the same way for today and for a ref.

Apart, and imported when it is needed: comparing two locks need not load the compiler.
"""

from __future__ import annotations

from horsies_codegen.config import Config
from horsies_codegen.lint import Selection
from horsies_codegen.pipeline import Analysis, analyse, gated
from horsies_codegen.source import SourceTree


def analysed(tree: SourceTree, config: Config) -> Analysis:
    """What a build would see in the tree."""
    return gated(analyse(tree, config, Selection.of(config)))
