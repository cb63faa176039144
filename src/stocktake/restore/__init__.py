"""Restore drills: a backup is restored into a sandbox of the drill's own, and what came back is compared."""
