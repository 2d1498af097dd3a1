"""Work of the worker that takes several steps, some outside any transaction, where only the steps are verbs."""
