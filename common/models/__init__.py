"""Models as plain data: taken apart, handed over, rebuilt and measured. Keras loads when a function needs it."""
