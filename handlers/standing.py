"""Rectifications and pairs as the front door knows them: their flows and their buttons."""

from domain.talk import Choice
from handlers import pairs, shown
from handlers.engine import Engine
from handlers.rectification import deeds as rectifications
from handlers.scene import Replies, Scene

TALKS = {**rectifications.TALKS, **pairs.TALKS}


def is_deed(wire: str) -> bool:
    """Is it a button of a rectification, or of a pair?"""
    return bool(shown.RECTIFICATION_DEED.match(wire) or shown.PAIR_DEED.match(wire))


def do_deed(scene: Scene, engine: Engine, wire: str) -> Replies:
    """Do what such a button says."""
    family, number, deed = wire.split(":")
    if family == "p":
        return pairs.pairs_deed(scene, engine, int(number), deed)
    return rectifications.rectification_deed(scene, engine, int(number), deed)


def entries(scene: Scene) -> tuple[Choice, ...]:
    """What the menu offers to whoever has a pair, or something to put right."""
    return (*rectifications.entries(scene), *pairs.entries(scene))
