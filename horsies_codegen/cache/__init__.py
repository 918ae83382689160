"""Results kept between runs, in a folder of their own beside the project's settings.

What: `Cache` keeps values by key, one small file each, by the thousand; a `Pack` holds those that a build uses once more, in one
file. `key_of` makes the key of a result from everything that
is known before the work begins; the version of the tool and of what it reads with is part of every key.

Where: ``.horsies-cache`` beside the ``pyproject.toml`` in use, else in the working folder. It holds a ``.gitignore`` that
matches everything in it and a ``CACHEDIR.TAG``, so neither git nor backups see it. Delete it at any time; entries that were
not used for two weeks go by themselves. ``--no-cache`` and ``HORSIES_NO_CACHE=1`` switch it off.

Invariants. A cache changes how long a run takes and nothing else: an entry that is missing, torn, of another tool version
or not ours counts as not there, and a folder that cannot be written is read only. Files appear whole (`os.replace`), so runs
can share a folder at the same time. Reading an entry runs no code: of pickle's classes only our own plain values are let
through, whoever wrote the file.
"""

from horsies_codegen.cache.pack import Pack
from horsies_codegen.cache.store import Cache, cache_folder
from horsies_codegen.cache.tool import key_of

__all__ = ["Cache", "Pack", "cache_folder", "key_of"]
