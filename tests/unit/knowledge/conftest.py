from tests.unit.triage.conftest import lexicon, lexicon_text, triage

__all__ = ["lexicon", "lexicon_text", "triage"]
