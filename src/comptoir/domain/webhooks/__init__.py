"""Webhooks: endpoints, deliveries of what happened, and retries."""
