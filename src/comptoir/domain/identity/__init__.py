"""Who may act: operators, their passwords and their keys."""
