"""What other systems read: CSV, Canvas, Moodle, Gradescope, JSON. Everything that a student wrote is text there."""

# When students see a test on Gradescope, in its own words.
VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
