"""The only writer: brings a folder to the state that a build wants, or says how it differs.

What: `compare` reads the folder's manifest and files and gives a `Comparison`; `apply` carries it out; `diff_of` prints it;
`findings_of` makes it into diagnostics.

Invariants. The manifest (`.horsies-manifest.json`) lists the files that are ours, with hashes; anything else in the folder
is never written over and never deleted, and neither is an owned file that was edited by hand. If one change is impossible,
none is made. A file is replaced whole (a temporary file beside it, then ``os.replace``), so at every moment it is old or
new; unchanged files are not touched. The manifest is written last.

Why the manifest is also written first, when something changes: it then lists both the old and the new hashes. A build that
was killed half-way leaves files that are known to be ours, and the next one completes it.

A file that differs only in its line breaks (CRLF, as git makes on some machines) is unchanged.
"""

from horsies_codegen.write.apply import Applied, apply
from horsies_codegen.write.compare import Change, ChangeKind, Comparison, compare
from horsies_codegen.write.diff import diff_of
from horsies_codegen.write.findings import finding_of_format, findings_of
from horsies_codegen.write.manifest import MANIFEST_NAME, ManifestFormatError, digest_of
from horsies_codegen.write.settled import Record, Signature, read_again, record_of, settled_by, signatures

__all__ = [
    "MANIFEST_NAME",
    "Applied",
    "Change",
    "ChangeKind",
    "Comparison",
    "ManifestFormatError",
    "Record",
    "Signature",
    "apply",
    "compare",
    "diff_of",
    "digest_of",
    "finding_of_format",
    "findings_of",
    "read_again",
    "record_of",
    "settled_by",
    "signatures",
]
