"""The merchant's own window: everything that the shop does and shows, as web pages, one file per noun."""
