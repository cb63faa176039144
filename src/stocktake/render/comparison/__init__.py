"""How a comparison of two revisions reads: as text, as Markdown for a comment or a summary, as data."""
