"""A picture as dot draws it becomes part of a page: only shapes, text and relative links pass, and CSS colours them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from base64 import b64encode
from collections.abc import Mapping

from stocktake.render.escape import svg as escape
from stocktake.render.escape.html import Markup, el, safe_url

_PROLOG = re.compile(r"\A.*?(?=<svg\b)", re.DOTALL)
_SHAPES = frozenset({"a", "ellipse", "g", "path", "polygon", "polyline", "text"})
_ICONS = frozenset({"defs", "image", "rect", "symbol", "use"})
_ATTRIBUTES = frozenset(
    [
        "class",
        "cx",
        "cy",
        "d",
        "height",
        "id",
        "points",
        "preserveAspectRatio",
        "rx",
        "ry",
        "text-anchor",
        "transform",
        "viewBox",
        "width",
        "x",
        "x1",
        "x2",
        "y",
        "y1",
        "y2",
    ]
)
# A picture that is wider than a page in its own size scrolls, rather than to shrink until nobody can read it.
_FITS, _WIDE = 1100, ' class="st-wide"'
_XLINK = "{http://www.w3.org/1999/xlink}href"
_IMAGE = re.compile(r'<image xlink:href="([^"]*)"([^>]*?)/?>')
_NUMBER = re.compile(r'\b(x|y|width|height)="(-?[0-9.]+)(?:px)?"')
_ICON_SIZE = 58
_CURVE = re.compile(r"M([-0-9.]+,[-0-9.]+)C([-0-9.]+,[-0-9.]+(?: [-0-9.]+,[-0-9.]+)*)")
_DATA = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")


def inline(svg: str, identity: str, title: str, description: str) -> Markup:
    """The picture with ids that are unique in the page, a title and a description for screen readers."""
    root = ET.fromstring(_PROLOG.sub("", svg, count=1))  # noqa: S314  # what dot wrote, without its document type
    width, height = (_points(root.get(name, "")) for name in ("width", "height"))
    inner = "".join(_written(child, identity) for child in root)
    words = (("title", "t", title), ("desc", "d", description))
    wide = _WIDE if int(width) > _FITS else ""
    named = "".join(f'<{tag} id="{identity}-{short}">{escape.text(text)}</{tag}>' for tag, short, text in words)
    role = "group" if "<a " in inner else "img"  # what stands in an image cannot be reached by keyboard
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg"{wide} role="{role}" aria-labelledby="{identity}-t {identity}-d" '
        f'viewBox="{escape.text(root.get("viewBox", ""))}" width="{width}" height="{height}">{named}{inner}</svg>'
    )


def figure(svg: Markup, caption: str, kind: str = "") -> Markup:
    """A picture in a box that scrolls by itself where the screen is narrower."""
    box = el("div", svg, class_="st-picture-scroll", tabindex="0", role="region", aria_label=caption)
    return el("figure", box, el("figcaption", caption), class_=f"st-picture {kind}".strip(), data_search_exclude="yes")


def embed_icons(svg: str, icons: Mapping[str, bytes]) -> str:
    """Each icon once as a data URI and a reference wherever it is drawn; an image that is not given is left out."""
    names = {path: f"icon-{number}" for number, path in enumerate(sorted(icons))}
    used: set[str] = set()

    def reference(found: re.Match[str]) -> str:
        path = found[1].replace("&#45;", "-").replace("&amp;", "&")
        if path not in names:
            return ""
        used.add(path)
        return f'<use xlink:href="#{names[path]}"{_size(found[2])}/>'

    body = _IMAGE.sub(reference, svg)
    symbols = "".join(_symbol(names[path], icons[path]) for path in sorted(used))
    return re.sub(r"(<svg\b[^>]*>)", lambda found: f"{found[1]}<defs>{symbols}</defs>", body, count=1)


def _size(attributes: str) -> str:
    """All icons in one size, at the top of their node: dot makes them as wide as the label."""
    found = {name: float(number) for name, number in _NUMBER.findall(attributes)}
    width = found.get("width", 0.0)
    x = found.get("x", 0.0) + (width - _ICON_SIZE) / 2
    return f' x="{x:.1f}" y="{found.get("y", 0.0):.1f}" width="{_ICON_SIZE}" height="{_ICON_SIZE}"'


def _symbol(name: str, png: bytes) -> str:
    """An icon on a tile, which the style sheet makes visible where the page is dark."""
    tile = '<rect class="st-tile" width="256" height="256" rx="36"/>'
    place = 'x="20" y="20" width="216" height="216"'
    image = f'<image xlink:href="data:image/png;base64,{b64encode(png).decode()}" {place}/>'
    return f'<symbol id="{name}" viewBox="0 0 256 256">{tile}{image}</symbol>'


def _written(element: ET.Element, identity: str, depth: int = 0) -> str:
    tag = str(element.tag).rpartition("}")[2]
    if tag not in _SHAPES and tag not in _ICONS:
        return ""
    attributes = "".join(
        f' {name}="{_prefixed(name, value, identity)}"' for name, value in element.attrib.items() if name in _ATTRIBUTES
    )
    target = _target(tag, element.get(_XLINK, ""), identity)
    if tag == "a" and not target:
        tag = "g"
    attributes += f' href="{escape.text(target)}"' if target else ""
    if tag == "text":
        return f"<text{attributes}>{escape.text(element.text or '')}</text>"
    _mark_lines(element)
    if tag == "g" and element.get("id", "").startswith("a_"):  # dot's wrapper of a link, which says nothing
        return "".join(_written(child, identity, depth + 1) for child in element)
    inner = "".join(_written(child, identity, depth + 1) for child in element)
    return f"<{tag}{attributes}>{inner}</{tag}>"


def _mark_lines(element: ET.Element) -> None:
    """The last of several lines of a label says the type; it gets a class of its own."""
    texts = [child for child in element if str(child.tag).endswith("}text")]
    if len(texts) > 1:
        texts[-1].set("class", "st-sub")


def _prefixed(name: str, value: str, identity: str) -> str:
    return escape.text(f"{identity}-{value}" if name == "id" else shorter(value) if name == "d" else value)


def shorter(path: str) -> str:
    """The same curve in steps from point to point, sides as lines: dot writes everything as curves between places."""
    found = _CURVE.fullmatch(path)
    points = [_tenths(point) for point in (found[1], *found[2].split(" "))] if found else []
    if len(points) % 3 != 1:
        return path
    (x, y), written = points[0], [f"M{_numbers(*points[0])}"]
    for first, second, end in zip(points[1::3], points[2::3], points[3::3], strict=True):
        if first == (x, y) and second == end:
            written.append(_side(end[0] - x, end[1] - y))
        else:
            written.append(f"c{_numbers(*(number for a, b in (first, second, end) for number in (a - x, b - y)))}")
        x, y = end
    return "".join(written)


def _side(x: int, y: int) -> str:
    if not y:
        return f"h{_numbers(x)}" if x else ""
    return f"l{_numbers(x, y)}" if x else f"v{_numbers(y)}"


def _tenths(point: str) -> tuple[int, int]:
    x, y = (round(float(number) * 10) for number in point.split(","))
    return x, y


def _numbers(*tenths: int) -> str:
    """As SVG reads them: a minus keeps two numbers apart."""
    return " ".join(f"{number / 10:g}" for number in tenths).replace(" -", "-")


def _target(tag: str, url: str, identity: str) -> str:
    if tag == "image":
        return url if _DATA.fullmatch(url) else ""
    if tag == "use":
        return f"#{identity}-{url[1:]}" if url.startswith("#") else ""
    relative = tag == "a" and safe_url(url) is not None and not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|/", url)
    return url if relative else ""


def _points(size: str) -> str:
    number = re.match(r"[0-9]+(?:\.[0-9]+)?", size)
    return f"{float(number[0]) * 4 / 3:.0f}" if number else "100"
