"""Monthly statements and yearly tax forms."""
