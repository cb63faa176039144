"""Source trees to observations: one door walks, one scanner per format reads, the rest joins into things and edges."""
