"""Files given to the shop: images fetched by URL, judged, thumbnailed and stored by their content."""
