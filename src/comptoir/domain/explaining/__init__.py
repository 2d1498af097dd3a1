"""Why an amount is what it is: the tree that makes it, and where it went."""
