"""All pictures that dot draws for the site, by name; the caller draws them in batches and hands the SVGs back."""

from __future__ import annotations

from collections.abc import Mapping

from stocktake.model.audit import Audit
from stocktake.render.dot import neighbourhood
from stocktake.render.topology import systems, topology
from stocktake.render.view import View


def dots(audit: Audit) -> Mapping[str, str]:
    """DOT text by picture name: the neighbourhood of each record that has a dependency, named by its address, and where
    the backups of each system go, `backups/` and its id.
    """
    view = View(audit, {})
    return {
        **{address: neighbourhood(audit, address) for address in sorted(audit.graph.touching)},
        **{f"backups/{system}": topology(view, system) for system in systems(view)},
    }
