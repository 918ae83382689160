"""A generated file was changed by hand.

The build neither writes over it nor deletes it, and writes nothing else until this is settled: move the change to where
it belongs, delete the file, and build again. A file with merge conflicts is settled in the same way.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC904", "edited-generated-file", Kind.TOOL, __doc__)
