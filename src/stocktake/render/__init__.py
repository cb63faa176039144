"""Audit in; pictures to draw and a stream of (path, bytes) out: nothing here reads, writes or asks the date."""
