"""Payments, webhooks and refunds."""
