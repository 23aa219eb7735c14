"""Search, bundle, rank, accept and expire offers."""
