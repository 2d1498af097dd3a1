"""Money received for orders, and the gateways that it comes through."""
