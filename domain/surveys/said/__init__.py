"""What people type and mean by it: numbers, days, times, choices. None where two things could be meant."""

from domain.surveys.said.choosing import are_words_of, chosen, several
from domain.surveys.said.days import day_in
from domain.surveys.said.moments import moment_in
from domain.surveys.said.numbers import figure
from domain.surveys.said.times import time_in

__all__ = ["are_words_of", "chosen", "day_in", "figure", "moment_in", "several", "time_in"]
