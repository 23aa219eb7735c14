"""Floor 1: outbox, Kafka, Redis, guarded status changes."""
