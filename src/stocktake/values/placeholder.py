"""What stands for a value that is filled in later, as in `${VAR}`, `<password>`, `{{ x }}` or `%s`."""

import re

MARK = "\ufffc"  # stands for one placeholder in a settled text
# `${A:-x}` and `${A-x}` of shells and Compose, `${A:x}` of Spring
_DEFAULT = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_.]{0,80}(?::-|-|:(?![?+=-]))([^{}$\n]{0,200})\}")
_FILLED_IN = re.compile(
    r"\$\{[^{}$\n]{0,200}\}|\$\([A-Za-z_][A-Za-z0-9_.]{0,80}\)|\$[A-Za-z_][A-Za-z0-9_]{0,80}"
    r"|#?\{\{?[^{}\n]{0,120}\}\}?|<[A-Za-z][A-Za-z0-9_ .:-]{0,60}>"
    r"|%\([A-Za-z_][A-Za-z0-9_]{0,60}\)[sd]|%[sdv](?![0-9A-Fa-f])|%[A-Z][A-Z0-9_]{2,60}%|@@[A-Za-z0-9_]{1,60}@@"
)
_ENVIRONMENT_NAME = re.compile(
    r"[A-Z][A-Z0-9]{0,40}(?:_[A-Z0-9]{1,40}){1,12}|PASSWORD|PASSWD|PASS|PWD|SECRET|TOKEN|APIKEY"
)
_BLANK = re.compile(
    r"[*•.xX_-]{3,}|[*•]{1,2}|your[-_ ]?[A-Za-z_ -]{1,60}|(?:insert|enter|replace|set)[-_ ][A-Za-z_ -]{1,60}",
    re.IGNORECASE,
)
_NOTHING = frozenset(
    ("", "none", "null", "nil", "undefined", "redacted", "[redacted]", "hidden", "masked", "todo", "tbd", "n/a")
)


def settle(text: str) -> str:
    """The text with defaults put in place of their variables, and every other placeholder as one `MARK`."""
    if "$" in text:
        text = _DEFAULT.sub(r"\1", _DEFAULT.sub(r"\1", text))  # twice, since a default may be a variable with one
    return _FILLED_IN.sub(MARK, text)


def is_placeholder(value: str) -> bool:
    """Whether a value is empty, says nothing, or names only what will be filled in."""
    plain = settle(value).replace(MARK, "").strip()
    if plain.lower() in _NOTHING:
        return True
    return len(plain) < 200 and bool(_ENVIRONMENT_NAME.fullmatch(plain) or _BLANK.fullmatch(plain))
