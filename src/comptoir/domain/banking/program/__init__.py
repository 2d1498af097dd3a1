"""The program: what this bank offers, its products, limits, rates and own accounts."""
