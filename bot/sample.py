"""The sample county: real areas of 富平县, an invented roster."""

from bot.county import data_file
from bot.duties_file import read_duties
from domain.delivery import CHINA
from services.desk import Desk
from services.duties import templates
from services.knowledge.loading import load_bank
from services.knowledge.reading import read_bank
from services.quizzes import practice
from services.quizzes.reading import read_questions
from services.roster import import_areas, import_roster, read_table

BANK, QUIZ = "knowledge_sample.txt", "quiz_sample.csv"
"""Files of the sample that `lianxin knowledge template` and `lianxin quiz template` give away."""


def import_sample(desk: Desk) -> None:
    """Bring in the sample's areas, people, duties, answers and quiz questions, by the same way as any county's."""
    import_areas(desk, read_table(data_file("areas_fuping.csv")))
    import_roster(desk, read_table(data_file("roster_sample.csv")))
    templates.load(desk, read_duties(""))
    load_bank(desk, read_bank(data_file(BANK), BANK, desk.now.astimezone(CHINA).date()).entries)
    practice.load(desk, read_questions(data_file(QUIZ)).questions)
