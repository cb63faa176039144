"""MkDocs with a memory: what `stocktake build` starts, so that a page is made once and not at every build."""
