"""Measure how fast and how well Stocktake works, as ratios in one run: `scripts/bench`."""
