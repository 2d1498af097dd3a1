"""Sales as they are told: orders with their invoices, refunds and what recurs of them; reading only."""
