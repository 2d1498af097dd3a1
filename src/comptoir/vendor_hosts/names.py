"""The host names that the vendors' clients have built in."""

# Exact names only: the certificates, and what the authority may sign at all, reach no further.
VENDORS: dict[str, tuple[str, ...]] = {
    "2Checkout": ("www.2checkout.com", "sandbox.2checkout.com", "2checkout.com"),
    "Core dna": ("api.coredna.com",),
    "CorePro": ("api.corepro.io", "sandbox-api.corepro.io", "api.helix.q2.com", "sandbox-api.helix.q2.com"),
}
NAMES = tuple(name for names in VENDORS.values() for name in names)
