"""Plans, the customers enrolled on them, renewals and dunning."""
