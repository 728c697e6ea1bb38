"""Triage: guess what a villager's sentence is about, and spot an emergency before anything else.

The words live in a lexicon that staff edit (TOML); this package only knows how to read and weigh them.
"""

from domain.triage.classify import Triage, Verdict
from domain.triage.emergencies import Emergency
from domain.triage.lexicon import CATEGORIES, OTHER, Lexicon, parse_lexicon
from domain.triage.notation import LexiconError

__all__ = [
    "CATEGORIES",
    "OTHER",
    "Emergency",
    "Lexicon",
    "LexiconError",
    "Triage",
    "Verdict",
    "parse_lexicon",
]
