"""Everything trusted: it reads hand-ins as text, runs them in the jail, compares, scores and writes."""
