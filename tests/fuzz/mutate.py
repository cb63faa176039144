"""Files a few steps away from real ones: bytes changed, pieces moved, and values put where others stood."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

import yaml
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .corpus import Sample

TOKENS = [
    *"\x00\t\r\n\"'\\&*!|>%@`#,:?-[]{}~<.",
    *("---\n", "...\n", "--- ", "%YAML 1.1\n", "<<: *a", "&a ", "*a", "!!str ", "!!python/object:os.system ", "!x "),
    *("? ", ": ", "- ", "|\n", ">-\n", "|+\n", ".nan", "-.inf", "1e999", "0x", "0x1F", "0o8", "0o17", "1_0", "+1"),
    *("null", "true", "yes", "on", "No", "~", "12:30:45", "2026-02-30", "9" * 45, "9223372036854775808", "0.1e1"),
    *('"\\u202e"', '"\\ud800"', '"\\0"', '"\\n"', "''", '""', "\n  ", "\n\t", "\r\n", "  \n", " #", " # not-secret: x"),
    *("password: hunter2abc", "postgres://u:p4ssw0rd@h/db", "AKIAIOSFODNN7EXAMPLE", "../../etc/passwd"),
    *("{a: b}", "[a, b]", "{", "[[[[[[", "{a: {a: {a: ", "$ref", '"$ref": "http://127.0.0.1:9/x"', "<script>", "]]>"),
    *("%0A::error::x", "|a|b|", "${{ x }}", "`id`", "$(id)", "javascript:alert(1)"),
]
LETTERS = [
    *("\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\x85", "\u2028", "\x1b]0;x", "\x7f", "\xa0", "\u3000", "\xad"),
    *("\u0430", "\u03bf", "\uff41", "\U0001d41a", "e\u0301", "\u0301", "\ufb01", "\u0130", "\u1e9e", "\U0001f600"),
    *("\ud800", "\ufffe", "\U0010ffff", "\U000e0041", "\u115f", "\u05d0", "\u0627"),
]
_LARGE = 900_000


def of_bytes(samples: Sequence[Sample], dice: random.Random) -> tuple[Sample, bytes]:
    """A sample and what became of it."""
    sample = dice.choice(samples)
    text = sample.text
    for _ in range(dice.choice([1, 1, 2, 3, 6])):
        text = dice.choice(_STEPS)(text, samples, dice)
    raw = bytearray(text.encode("utf-8", "surrogatepass"))
    if dice.random() < 0.2:
        raw = dice.choice(_BYTES)(raw, dice)
    return sample, bytes(raw)


def _insert(text: str, _: Sequence[Sample], dice: random.Random) -> str:
    at = dice.randrange(len(text) + 1)
    return text[:at] + dice.choice(dice.choice([TOKENS, LETTERS])) + text[at:]


def _replace(text: str, _: Sequence[Sample], dice: random.Random) -> str:
    """Something else in the place of a word, most often of a value."""
    words = text.split(" ")
    words[dice.randrange(len(words))] = dice.choice(TOKENS)
    return " ".join(words)


def _cut(text: str, _: Sequence[Sample], dice: random.Random) -> str:
    at = dice.randrange(len(text) + 1)
    return text[:at] + text[at + dice.choice([1, 3, 30, 300]) :]


def _truncate(text: str, _: Sequence[Sample], dice: random.Random) -> str:
    return text[: dice.randrange(len(text) + 1)]


def _repeat(text: str, _: Sequence[Sample], dice: random.Random) -> str:
    at, size = dice.randrange(len(text) + 1), dice.choice([1, 8, 40])
    return text[: at + size] + text[at : at + size] * dice.choice([1, 2, 50]) + text[at + size :]


def _move_line(text: str, _: Sequence[Sample], dice: random.Random) -> str:
    lines = text.split("\n")
    line = lines.pop(dice.randrange(len(lines)))
    lines.insert(dice.randrange(len(lines) + 1), line)
    return "\n".join(lines)


def _indent(text: str, _: Sequence[Sample], dice: random.Random) -> str:
    lines = text.split("\n")
    at = dice.randrange(len(lines))
    lines[at] = dice.choice(["  " + lines[at], lines[at].lstrip(), lines[at] + "  ", f"- {lines[at]}"])
    return "\n".join(lines)


def _splice(text: str, samples: Sequence[Sample], dice: random.Random) -> str:
    """The beginning of this one and the end of another, cut at lines."""
    lines, others = text.split("\n"), dice.choice(samples).text.split("\n")
    return "\n".join(lines[: dice.randrange(len(lines) + 1)] + others[dice.randrange(len(others)) :])


def _grow(text: str, samples: Sequence[Sample], dice: random.Random) -> str:
    """Rarely, so much of one piece that everything that is slow in it shows."""
    if dice.random() > 0.02:
        return _insert(text, samples, dice)
    piece = dice.choice([*TOKENS, *LETTERS, text[:8], dice.choice(text.split("\n")) + "\n"]) or "x"
    at = dice.randrange(len(text) + 1)
    return text[:at] + piece * (dice.choice([_LARGE, 100_000, 10_000]) // len(piece)) + text[at:]


_STEPS: list[Callable[[str, Sequence[Sample], random.Random], str]] = [
    *(_insert, _replace, _cut, _truncate, _repeat, _move_line, _indent, _splice, _grow)
]


def _flip(raw: bytearray, dice: random.Random) -> bytearray:
    for _ in range(dice.choice([1, 1, 4])) if raw else ():
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    return raw


def _recode(raw: bytearray, dice: random.Random) -> bytearray:
    text = raw.decode("utf-8", "replace")
    codec = dice.choice(["utf-16", "utf-16-le", "utf-8-sig", "latin-1", "utf-32", "utf-7"])
    return bytearray(text.encode(codec, "replace"))


def _line_ends(raw: bytearray, dice: random.Random) -> bytearray:
    return raw.replace(b"\n", dice.choice([b"\r\n", b"\r", b"\n\n", b"\x0b", b"\xc2\x85"]))


_BYTES: list[Callable[[bytearray, random.Random], bytearray]] = [_flip, _flip, _recode, _line_ends]

_WORDS = st.sampled_from([*TOKENS, *LETTERS]) | st.text(max_size=12)
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | _WORDS
    | st.sampled_from(
        ["asset/orders-db", "orders-db", "production", "P30D", "PT15M", "2026-01-31", "0 3 * * *", "a" * 200]
    )
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_WORDS | st.sampled_from(["a", "b"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def of_values(samples: Sequence[Sample]) -> SearchStrategy[tuple[Sample, bytes]]:
    """Samples in which values, keys and entries were put in the place of others; still YAML, or nearly."""
    parsed = [(sample, data) for sample in samples if isinstance(data := _data(sample), dict)]
    edits = st.lists(st.tuples(st.integers(0, 200), st.sampled_from("vkdar"), _VALUES), min_size=1, max_size=4)

    def mutated(number: int, edits: list[tuple[int, str, Any]]) -> tuple[Sample, bytes]:
        sample, data = parsed[number]
        return sample, _written(sample, _edited(data, edits))

    return st.builds(mutated, st.integers(0, len(parsed) - 1), edits)


def _data(sample: Sample) -> Any:
    if sample.path.endswith(".md") or not sample.path.endswith((".json", ".yaml")):
        return None
    return yaml.load(sample.text, yaml.CSafeLoader)


def _edited(data: Any, edits: list[tuple[int, str, Any]]) -> Any:
    whole = yaml.load(yaml.dump(data, Dumper=yaml.CSafeDumper), yaml.CSafeLoader)
    for number, what, value in edits:
        holders = list(_holders(whole))
        if not holders:
            return {"a": value}
        holder, key = holders[number % len(holders)]
        if what == "d":
            del holder[key]
        elif what == "k" and isinstance(holder, dict):
            holder[value if isinstance(value, str) else str(value)[:20]] = holder.pop(key)
        elif what == "a" and isinstance(holder, dict):
            holder[str(value)[:20]] = value
        elif what == "a":
            holder.append(value)
        else:
            holder[key] = {key: value} if what == "r" and isinstance(key, str) else value
    return whole


def _holders(value: Any) -> Any:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        yield value, key
        yield from _holders(inner)


def _written(sample: Sample, data: Any) -> bytes:
    if not sample.path.endswith(".json"):
        try:
            text = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
            return str(text).encode("utf-8", "surrogatepass")
        except UnicodeEncodeError:
            pass  # half a character: as JSON, which is YAML too
    return json.dumps(data, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
