"""What the merchant wants to know at a glance: what was taken, what is due, what is in trouble. Reading only."""
