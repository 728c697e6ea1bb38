"""Refusals: the one kind of error that is meant to be read by a user."""


class Refusal(Exception):  # noqa: N818  it is an answer, not a fault
    """A rule said no. `say` is a kind Chinese sentence for the person who asked; nothing was changed."""

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say
