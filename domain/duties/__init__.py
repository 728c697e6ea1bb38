"""What cadres do every month: templates, their periods and days, and the words for them."""
