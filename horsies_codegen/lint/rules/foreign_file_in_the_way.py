"""Something that the build did not write stands where it wants to write.

A file of the same name, a folder or a link. The build touches none of them. Move it away, or choose another ``--out`` or
``--package``.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC905", "foreign-file-in-the-way", Kind.TOOL, __doc__)
