"""The fixtures of the embedded server's tests."""

from __future__ import annotations

from embedded_support import data_dir, own_data_dir, scratch, template

__all__ = ["data_dir", "own_data_dir", "scratch", "template"]
