"""The rules that a history is held against: pure functions over requests and final rows."""
