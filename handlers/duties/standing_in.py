"""A deputy notes for a cadre who is on leave, from the reminder or from 本月."""

from collections.abc import Callable, Sequence
from datetime import date

from domain.duties import standing_in as words
from domain.duties.duty import Absent, Duty, State
from domain.talk import Choice, Reply
from handlers.scene import Replies, Scene
from services.duties import noting, standing_in


def waiting_for_others(scene: Scene) -> dict[Absent, int]:
    """How many of this month are open of each of those for whom he stands in, where there is something to note or to undo."""
    away = standing_in.absent(scene.desk, scene.person) if scene.answers else []
    his = {one: standing_in.his(scene.desk, scene.person, one) for one in away}
    return {one: _open(scene, duties) for one, duties in his.items() if duties}


def _open(scene: Scene, duties: Sequence[Duty]) -> int:
    """Counted as in the absent one's own menu."""
    day = noting.today(scene.desk)
    return sum(one.state is State.OPEN and one.is_of_month(day) for one in duties)


def deputy_sees_his(scene: Scene, person: int, start: int = 0) -> Replies:
    away = standing_in.stood_in_for(scene.desk, scene.person, person)
    his = standing_in.his(scene.desk, scene.person, away)
    return [words.month_of_another(away, his, noting.today(scene.desk), start)]


def deed_for_another(scene: Scene, period: int, deed: str, person: int) -> Replies:
    """Do what a button on a duty of somebody on leave says. Raises Refusal once he is back."""
    away = standing_in.stood_in_for(scene.desk, scene.person, person)
    handler = _DEEDS.get(deed)
    return handler(scene, away, period) if handler else deputy_sees_his(scene, person)


def deputy_has_done_all(scene: Scene, upto: int, day: date, person: int) -> Replies:
    away = standing_in.stood_in_for(scene.desk, scene.person, person)
    together = standing_in.note_all(scene.desk, scene.person, away, upto, day)
    return [words.noted_together_for(away, together.duties, upto, together.owed)]


def deputy_takes_all_back(scene: Scene, upto: int, person: int) -> Replies:
    away = standing_in.stood_in_for(scene.desk, scene.person, person)
    count = standing_in.undo_all(scene.desk, scene.person, away, upto)
    said = f"撤销了，{away.name}的{count}件都还没记。" if count else "没有要撤销的。"
    return [Reply(said, (Choice(words.list_of(away), "看一看"),))]


def _deputy_looks(scene: Scene, away: Absent, period: int) -> Replies:
    return [words.single_of_another(away, standing_in.find(scene.desk, scene.person, away, period))]


def _deputy_notes(state: State) -> Callable[[Scene, Absent, int], Replies]:
    def handler(scene: Scene, away: Absent, period: int) -> Replies:
        duty = standing_in.note(scene.desk, scene.person, away, period, state)
        his = standing_in.his(scene.desk, scene.person, away)
        return [words.noted_for(away, duty, _open(scene, his))]

    return handler


def _deputy_puts_it_off(scene: Scene, away: Absent, period: int) -> Replies:
    duty = standing_in.find(scene.desk, scene.person, away, period)
    if duty.state is not State.OPEN:
        return _deputy_looks(scene, away, period)
    return [words.put_off_for(away, duty)]


def _deputy_takes_back(scene: Scene, away: Absent, period: int) -> Replies:
    return [words.taken_back_for(away, standing_in.undo(scene.desk, scene.person, away, period))]


_DEEDS: dict[str, Callable[[Scene, Absent, int], Replies]] = {
    "look": _deputy_looks,
    "done": _deputy_notes(State.DONE),
    "skip": _deputy_notes(State.NOT_THIS_MONTH),
    "later": _deputy_puts_it_off,
    "undo": _deputy_takes_back,
}
