"""Architecture diagrams: what they show as values, and one writer for each language that draws them."""
