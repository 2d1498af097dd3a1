"""The pages that a buyer sees: rendered here, plain forms, no script."""
