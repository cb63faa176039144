"""All pictures that dot draws for the site, by name; the caller draws them in batches and hands the SVGs back."""

from __future__ import annotations

from collections.abc import Mapping

from stocktake.model.audit import Audit
from stocktake.render.diagram.catalogue import catalogue
from stocktake.render.diagram.dot import dot
from stocktake.render.dot import neighbourhood
from stocktake.render.view import View


def dots(audit: Audit) -> Mapping[str, str]:
    """DOT text by picture name: the neighbourhood of each record that has a dependency, named by its address, and the
    architecture diagrams under their own names.
    """
    return {
        **{address: neighbourhood(audit, address) for address in sorted(audit.graph.touching)},
        **{name: dot(picture) for name, picture in catalogue(View(audit, {})).items()},
    }
