"""Money given back, in whole or in part."""
