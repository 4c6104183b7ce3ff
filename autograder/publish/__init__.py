"""What students get: a folder per assignment, and later its solutions. Nothing is published before it was scanned."""
