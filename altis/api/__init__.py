"""Floor 2: REST glue that knows no app."""
