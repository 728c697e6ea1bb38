"""Imported where processes are forked from, so that none of them has to learn the sentences anew."""

from tests import learned

learned.triage()
