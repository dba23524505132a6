"""Every command explains itself, and documents call only commands and options that exist."""

from __future__ import annotations

import importlib
import re
import shlex
import tomllib
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from support import documents, project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCUMENTS = documents.documents()


def programs() -> dict[str, click.Group]:
    """The programs that pyproject.toml installs."""
    scripts = tomllib.loads((project.TOP / "pyproject.toml").read_text())["project"]["scripts"]
    found: dict[str, click.Group] = {}
    for name, target in scripts.items():
        module, _, function = target.partition(":")
        found[name] = getattr(importlib.import_module(module), function)
    return found


def walk(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """A command and all below it, by the words that call them."""
    yield name, command
    if isinstance(command, click.Group):
        for word, below in command.commands.items():
            yield from walk(f"{name} {word}", below)


COMMANDS = {words: command for name, group in programs().items() for words, command in walk(name, group)}


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_answers_help(words: str) -> None:
    name, *rest = words.split()
    answer = CliRunner().invoke(programs()[name], [*rest, "--help"])
    assert answer.exit_code == 0, answer.output
    assert answer.output.startswith("Usage:")


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_says_what_it_does(words: str) -> None:
    sentence = (COMMANDS[words].help or "").strip().splitlines()
    assert sentence
    assert sentence[0].rstrip().endswith((".", ":"))


@pytest.mark.parametrize("words", COMMANDS)
def test_every_option_says_what_it_is_for(words: str) -> None:
    options = [option for option in COMMANDS[words].params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help and not option.hidden] == []


@pytest.mark.parametrize("name", programs())
def test_a_wrong_use_is_exit_code_2(name: str) -> None:
    assert CliRunner().invoke(programs()[name], ["no-such-command"]).exit_code == 2


def called(document: str) -> Iterator[list[str]]:
    """Every call of a program in a document: in shell blocks and in back quotes."""
    quoted = re.findall(r"`((?:\.venv/bin/)?credit-[a-z]+ [^`]+)`", document)
    for line in (*documents.commands(document), *quoted):
        if match := re.search(r"(?:^|\s|/)(credit-(?:register|index|site)\s.*)", line, re.DOTALL):
            yield shlex.split(match[1])


def resolve(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that a call means, and the rest of the words."""
    command: click.Command = programs()[words[0]]
    rest = words[1:]
    while isinstance(command, click.Group) and rest and rest[0] in command.commands:
        command, rest = command.commands[rest[0]], rest[1:]
    return command, rest


@pytest.mark.parametrize("path", DOCUMENTS, ids=project.relative)
def test_documents_call_what_exists(path: Path) -> None:
    for words in called(path.read_text(encoding="utf-8")):
        command, rest = resolve(words)
        assert not isinstance(command, click.Group) or rest[:1] in ([], ["--help"]), words
        known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
        used = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert used - known - {"--help"} == set(), words
