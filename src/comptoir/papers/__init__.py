"""What is written for people to keep: facts of the domain as PDF and as CSV."""
