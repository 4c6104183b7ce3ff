"""Time rules: deadlines, extensions and what a late hand-in loses, from one small file; docs/deadlines.md."""
