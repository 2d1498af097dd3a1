"""The people who buy, the groups they are put in, and what they were told."""
