"""月报: what a month brought, for a cadre himself, for a township, for the county."""
