"""Personal data and card numbers that are easy to find: sent to a whole stack, then looked for everywhere."""
