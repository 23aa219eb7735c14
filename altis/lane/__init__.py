"""The short lane: searches and lists of flights answered in the process that serves everything else."""
