"""Draw pictures: DOT texts in, SVG texts out; what was drawn before is kept, and `dot` starts as seldom as can be."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b

from stocktake.errors import InputError
from stocktake.load.files import Tree, real
from stocktake.model.audit import Audit
from stocktake.render.architecture import architecture
from stocktake.render.map_data import layout
from stocktake.render.pictures import dots
from stocktake.render.svg import embed_icons
from stocktake.run import is_there, place, run
from stocktake.write import write

BATCH = 200
KEPT = "build/pictures.json"
_KEPT_AT_MOST = 500_000_000
# From the second picture of a run on, dot puts a page before the name of the whole.
_PAGE = re.compile(r'(<g id=")page\d+,\d+_')
NO_DOT = (
    "Graphviz is not installed, so pages show lists instead of pictures. "
    "Install it, for example with `apt-get install graphviz`."
)
NO_DIAGRAMS = (
    "The package `diagrams` is not installed, so there is no architecture picture. Install `stocktake[diagrams]`."
)


def pictures(audit: Audit, tree: Tree | None = None) -> tuple[dict[str, str], list[str]]:
    """All pictures of a site by name, and notes on what could not be drawn; those kept below `tree` are not drawn
    again.
    """
    if not is_there("dot"):
        return {}, [NO_DOT]
    texts, notes, icons = dict(dots(audit)), [], {}
    try:
        if poster := architecture(audit):
            texts["architecture"] = poster.source
            icons = {path: Tree(os.path.dirname(path)).read(os.path.basename(path)) for path in poster.icons}
    except ImportError:
        notes.append(NO_DIAGRAMS)
    drawn = _kept(tree, texts, layout(audit))
    if icons:
        drawn["architecture"] = embed_icons(drawn["architecture"], icons)
    return drawn, notes


def _kept(tree: Tree | None, texts: Mapping[str, str], layouts: Mapping[str, str]) -> dict[str, str]:
    """Draw only what was not drawn by the same `dot` before; what is not needed any more is forgotten."""
    before = _read(tree) if tree else {}
    version = _version()
    drawn: dict[str, str] = {}
    kept: dict[str, str] = {}
    for wanted, how in ((texts, draw), (layouts, _laid_out)):
        digests = {name: _digest(f"{version} {how.__name__} 2\n{text}") for name, text in wanted.items()}
        new = how({digest: wanted[name] for name, digest in digests.items() if digest not in before})
        found = {digest: new.get(digest) or before[digest] for digest in digests.values()}
        drawn |= {name: found[digest] for name, digest in digests.items()}
        kept |= found
    if tree and kept != before:
        write(os.path.join(tree.root, KEPT), json.dumps(kept, sort_keys=True).encode(), durable=False)
    return drawn


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _version() -> str:
    """What changes when another `dot` is installed; it is not started for that."""
    program = real(place("dot"))
    return f"{program} {Tree(os.path.dirname(program)).stamp(os.path.basename(program))}"


def _read(tree: Tree) -> dict[str, str]:
    """What was kept; nothing where it cannot be read. It is made clean like what dot draws, wherever it comes from."""
    try:
        found = json.loads(tree.read(KEPT, _KEPT_AT_MOST)) if tree.has(KEPT) else {}
    except (InputError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and all(isinstance(svg, str) for svg in found.values()) else {}


def draw(texts: Mapping[str, str]) -> dict[str, str]:
    """One SVG per DOT text, the same whatever else is drawn; one start of `dot` draws many, since a start costs more
    than a small picture.

    A picture with frames is drawn alone: Graphviz 2.43 mixes memory up where several of them come behind each other.
    """
    cores = os.cpu_count() or 1
    small = [name for name, text in texts.items() if "subgraph" not in text]
    size = max(1, min(BATCH, -(-len(small) // cores)))
    batches = [small[start : start + size] for start in range(0, len(small), size)]
    batches += [[name] for name, text in texts.items() if "subgraph" in text]
    with ThreadPoolExecutor(cores) as threads:
        answers = [*threads.map(lambda batch: _batch([texts[name] for name in batch]), batches)]
    drawn = {
        name: svg for batch, svgs in zip(batches, answers, strict=True) for name, svg in zip(batch, svgs, strict=True)
    }
    return {name: drawn[name] for name in texts}


def _batch(texts: list[str]) -> list[str]:
    output = run(["dot", "-Tsvg"], input="\n".join(texts).encode(), timeout=300).decode()
    return [_PAGE.sub(r"\1", f"<?xml{part}", count=1) for part in output.split("<?xml")[1:]]


def _laid_out(texts: Mapping[str, str]) -> dict[str, str]:
    """Places alone, in the plain form of `dot`: quick for thousands of nodes, which nobody could look at at once."""
    return {
        name: run(["dot", "-Ksfdp", "-Tplain"], input=text.encode(), timeout=300).decode()
        for name, text in texts.items()
    }
