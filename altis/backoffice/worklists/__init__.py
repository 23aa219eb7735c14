"""Work lists: what waits for a person, since when, why, and the button that does the next thing."""
