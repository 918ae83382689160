"""The README and every page under docs/ are followed, block by block, in a fresh folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs_runner import PageRun, blocks

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_does_what_it_says(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    executed = PageRun(tmp_path, page.name).follow(text)
    assert executed == len(
        [block for block in blocks(text) if block.language not in {"text", "diff"} or "file" in block.attributes]
    )


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert broken == []


def test_a_page_with_a_wrong_output_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="came out"):
        PageRun(tmp_path, "page").follow("```console\n$ echo one\ntwo\n```\n")


def test_a_page_with_a_failing_command_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="exit 3"):
        PageRun(tmp_path, "page").follow("```console\n$ exit 3\n```\n")


def test_a_background_command_that_ends_badly_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="ended"):
        PageRun(tmp_path, "page").follow("```console\n$ false &\nready\n```\n")
