"""Git history becomes values; every module here may ask Git."""
