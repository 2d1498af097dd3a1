"""The merchant: company and contact facts, fees, rates, taxes and shipping methods."""
