"""From proposals and text to text: new records and edits that keep comments and order."""
