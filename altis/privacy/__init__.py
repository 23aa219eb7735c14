"""Personal data at rest: key ring, data keys per person, encrypted fields."""
