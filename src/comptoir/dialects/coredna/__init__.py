"""The Core dna REST dialect: catalogue, orders, refunds, users, in JSON and XML."""
