"""The results of a survey as one HTML file that prints well on A4: no script, nothing fetched from elsewhere."""

from datetime import date, datetime

from bot.charts.blocks import block_of, turnout
from bot.pages import fill
from domain.delivery import CHINA
from domain.surveys.codes import NOT_A_VOTE
from domain.surveys.results import Results
from domain.surveys.suppression import LEAST

MOST_GROUPS = 12
MOST_ALONE = 30


def report(
    results: Results, county: str, today: date, closed_at: datetime | None = None, *, by_codes: bool = False
) -> str:
    """The page. `by_codes`: people were invited by codes, so it says that this is no vote."""
    return fill(
        "survey_report.html",
        results=results,
        county=county,
        today=_spoken(today),
        closed=_spoken(closed_at.astimezone(CHINA).date()) if closed_at else "",
        by_codes=by_codes,
        not_a_vote=NOT_A_VOTE,
        least=LEAST,
        turnouts=[
            turnout(title, parts)
            for title, parts in (
                ("按乡镇", results.townships),
                ("按渠道（占能联系到的人）", results.channels),
            )
            if parts
        ],
        questions=[(one, block_of(one)) for one in results.summaries],
        most_groups=MOST_GROUPS,
        most_alone=MOST_ALONE,
    )


def _spoken(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
