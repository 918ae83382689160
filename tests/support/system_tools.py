"""Programs of the system's packages: tests that need one are skipped where it is missing, but never in CI."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

POSTGRES_FOLDERS = sorted(path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres"))
"""Where the system keeps the programs of its servers, such as ``/usr/lib/postgresql/15/bin``."""

POSTGRES_ASKED_FOR = [Path(folder)] if (folder := os.environ.get("HORSIES_TEST_POSTGRES")) else None
"""The programs of the one server that the tests are to run on; None for the wheel's, and the system's beside it."""


def program(name: str, package: str) -> str:
    """The path of a program, or the end of the test."""
    found = shutil.which(name, path=os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/usr/local/sbin"]))
    return found or missing(name, package)


def missing(what: str, package: str) -> NoReturn:
    """Skip the test, and say what would help; fail it in CI, which must not go without in silence."""
    reason = f"{what} is not on this machine; as root: .ci/install-services (apt-get install {package})"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
