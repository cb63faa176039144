"""From the model to the model: join, compare, follow and count."""
