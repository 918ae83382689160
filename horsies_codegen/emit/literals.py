"""Python literals as a formatter leaves them: double quotes unless single ones need fewer escapes."""

from __future__ import annotations


def string_literal(text: str) -> str:
    """A string literal on one line; whatever is not printable (line breaks, direction marks) is escaped."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_in_string(character, quote) for character in text) + quote


def scalar_literal(value: object) -> str:
    """A literal of a JSON scalar."""
    return string_literal(value) if isinstance(value, str) else repr(value)


def docstring(text: str) -> str:
    """The inside of a triple-quoted docstring: its lines, with what would end it or be an escape made harmless.

    Quotes at either end are escaped: one at the end would end it early, before one at the start formatters put a space.
    """
    clean = "\n".join(_printable(line).rstrip() for line in text.expandtabs(4).strip().splitlines()).strip()
    body = clean.replace("\\", "\\\\").rstrip('"')
    inner = body.lstrip('"')
    tail = len(clean) - len(clean.rstrip('"'))
    escaped = inner.replace('"""', '\\"\\"\\"')
    return '\\"' * (len(body) - len(inner)) + escaped + '\\"' * tail


def _printable(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(character if character.isprintable() else " " for character in line)


def _in_string(character: str, quote: str) -> str:
    if character == quote:
        return "\\" + character
    if character == "\\" or not character.isprintable():
        return repr(character)[1:-1]
    return character
