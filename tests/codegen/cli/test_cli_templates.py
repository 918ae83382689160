"""Templates of one's own: what they replace, what they are kept from, and what is said when they are wrong."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from codegen_commands import SEND, SHIP, Project

HEADER = "{# horsies view 1 #}\n"
MORE_METHODS = (
    HEADER
    + """\
{% extends "builtin/client/tasks.py.j2" %}
{% block imports %}
import json
{{ super() }}
{%- endblock %}
{% block methods %}

    def as_json({{ task.self_name }}) -> str:
        return json.dumps({"task": {{ task.task_literal }}, "parameters": {{ task.parameters | length }}})
{% endblock %}
"""
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    made = Project(tmp_path, capsys)
    made.tasks(SEND)
    made.tasks(SHIP, module="shipping")
    return made


def codes(text: str) -> list[str]:
    return re.findall(r"^(?:error|warning)\[(HC\d+)\]", text, re.MULTILINE)


def test_a_template_extends_the_built_in_one_and_the_client_has_what_it_adds(project: Project) -> None:
    project.write("mine/client/tasks.py.j2", MORE_METHODS)
    assert project.run("build", "src", "--templates", "mine").code == 0
    program = (
        "from horsies import Horsies; from tasks_client import Client; print(Client(Horsies()).send_email.as_json())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=project.folder / "generated", capture_output=True, text=True, check=False
    )
    assert done.stdout == '{"task": "send_email", "parameters": 2}\n', done.stderr
    assert project.run("build", "src", "--templates", "mine", "--check").code == 0
    assert project.run("build", "src", "--check").code == 1


def test_a_folder_in_the_settings_counts_from_their_file(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("mine/client/tasks.py.j2", MORE_METHODS)
    project.write("pyproject.toml", '[tool.horsies.codegen]\ntemplates = "mine"\npaths = ["src"]\n')
    monkeypatch.chdir(project.folder / "src")
    assert project.run("build").code == 0
    assert "as_json" in project.read("generated/tasks_client/tasks/shop_tasks.py")


def test_a_template_may_import_a_file_of_its_own(project: Project) -> None:
    project.write("mine/words.j2", HEADER + "{% macro greeting() %}Mine.{% endmacro %}\n")
    project.write(
        "mine/client/package.py.j2",
        HEADER + '{% from "words.j2" import greeting %}\n{{ banner }}\n"""{{ greeting() }} {{ doc }}"""\n',
    )
    assert project.run("build", "src", "--templates", "mine").code == 0
    assert '"""Mine. The stubs' in project.read("generated/tasks_client/tasks/__init__.py")


@pytest.mark.parametrize(
    ("name", "text", "said", "line"),
    [
        ("client/package.py.j2", HEADER + "\n{{ banner.upper }\n", "TemplateSyntaxError", 3),
        ("client/package.py.j2", HEADER + "\n\n{{ nothing }}\n", "UndefinedError: 'nothing' is undefined", 4),
        ("client/package.py.j2", HEADER + "{{ doc.__class__.__mro__ }}\n", "SecurityError", 2),
        ("client/package.py.j2", HEADER + "{{ [].append(1) }}\n", "SecurityError", 2),
        ("client/package.py.j2", HEADER + "{{ lipsum() }}\n", "UndefinedError: 'lipsum' is undefined", 2),
        ("client/package.py.j2", HEADER + "{{ [1, 2] | random }}\n", "No filter named 'random'", 2),
        ("client/package.py.j2", HEADER + "{{ 1 / 0 }}\n", "ZeroDivisionError", 2),
        ("client/package.py.j2", HEADER + "{% include '../../etc/passwd' %}\n", "TemplateNotFound", 2),
        ("client/package.py.j2", HEADER + "class class:\n", "is no Python", 1),
        ("client/package.py.j2", "{{ doc }}\n", "does not say which version of the view", 1),
        ("client/package.py.j2", "{# horsies view 99 #}\n", "written for version 99 of the view; this is version 1", 1),
        ("client/task.py.j2", HEADER, "this template is never used", 1),
    ],
)
def test_what_is_wrong_with_a_template_is_a_finding_at_its_line(
    project: Project, name: str, text: str, said: str, line: int
) -> None:
    project.write(f"mine/{name}", text)
    ran = project.run("build", "src", "--templates", "mine")
    assert (ran.code, codes(ran.out)) == (2, ["HC930"])
    assert said in ran.out
    assert f"--> mine/{name}:{line}:1" in ran.out
    assert not (project.folder / "generated").exists()


def test_a_template_that_is_not_used_is_told_its_right_name(project: Project) -> None:
    project.write("mine/client/task.py.j2", HEADER)
    assert "did you mean client/tasks.py.j2?" in project.run("build", "src", "--templates", "mine").out


@pytest.mark.parametrize(("folder", "code"), [("nowhere", "HC907"), ("empty", "HC930")])
def test_a_folder_without_templates_is_no_success(project: Project, folder: str, code: str) -> None:
    (project.folder / "empty").mkdir()
    ran = project.run("build", "src", "--templates", folder)
    assert (ran.code, codes(ran.out)) == (2, [code])


def test_a_template_that_is_not_utf_8_is_a_finding(project: Project) -> None:
    project.write("mine/client/tasks.py.j2", "").write_bytes(HEADER.encode() + b"\xff")
    ran = project.run("build", "src", "--templates", "mine")
    assert (ran.code, codes(ran.out)) == (2, ["HC930"])
    assert "this template is not UTF-8" in ran.out
