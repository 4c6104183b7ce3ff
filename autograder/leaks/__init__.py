"""Look through what is about to be published for what must not be in it: `scan(folder, forbidden)`."""
