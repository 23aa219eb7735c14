"""Concurrent customers in processes of their own, who write down what they ask and what they hear."""
