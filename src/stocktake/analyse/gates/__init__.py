"""Gates: each looks at what differs between two sides of a change, and says what becomes weaker."""
