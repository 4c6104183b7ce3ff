"""What other systems read: CSV, Canvas, Moodle, Gradescope, JSON. Everything that a student wrote is text there."""
