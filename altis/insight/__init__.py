"""What the engine knows about itself: invariants that are checked, and projections of its events."""
