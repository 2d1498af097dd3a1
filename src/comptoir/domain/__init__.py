"""The trade itself: no HTTP, no HTML, no argv."""
