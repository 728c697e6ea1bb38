"""Policy answers: questions that the county knows an answer to, with its source, and which of them somebody asks."""
