"""Read a hand-in: find it, open it, match its cells to questions."""
