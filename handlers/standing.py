"""Rectifications and pairs as the front door knows them: their flows and their buttons."""

from handlers import shown
from handlers.engine import Engine
from handlers.rectification import deeds as rectifications
from handlers.scene import Replies, Scene

TALKS = {**rectifications.TALKS}


def is_deed(wire: str) -> bool:
    """Is it a button of a rectification, or of a pair?"""
    return bool(shown.RECTIFICATION_DEED.match(wire))


def do_deed(scene: Scene, engine: Engine, wire: str) -> Replies:
    """Do what such a button says."""
    _, number, deed = wire.split(":")
    return rectifications.rectification_deed(scene, engine, int(number), deed)
