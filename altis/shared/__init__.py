"""Floor 0: pure values and rules that know no framework."""
