"""The parts of the audit report: what is concluded, what was looked at, what was found, and how."""
