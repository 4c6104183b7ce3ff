"""Grade hand-ins: run them in the jail, judge, gather results."""
