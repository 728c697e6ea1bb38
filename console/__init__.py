"""Web pages for people: what anybody may read of the county's work. They do only what services offer."""
