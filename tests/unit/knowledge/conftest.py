from tests.unit.triage.conftest import lexicon, triage

__all__ = ["lexicon", "triage"]
