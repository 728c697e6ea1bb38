"""约谈: times that a leader has for talks, and who has taken which. The matter itself is a ticket."""
