"""Cards in force and out of force, villages found by name, and the sheets that are printed."""

import csv
import re
from pathlib import Path

import pytest

from bot.cards import CardFace, Link, make_cards, promises
from bot.qr import qr_code
from domain.directory import card_token
from domain.errors import Refusal
from domain.tickets.clock import Limits
from services.desk import Desk
from services.directory import find_areas, issue_card, open_card, revoke_card
from services.directory.printing import cards_to_print
from tests.desks import COUNTY

VILLAGE = "610528101201"


def test_a_card_in_force_is_issued_again_and_a_revoked_one_is_not(desk: Desk):
    token = issue_card(desk, VILLAGE)
    assert issue_card(desk, VILLAGE) == token
    assert issue_card(desk, VILLAGE, "3-12") != token
    assert open_card(desk, token).area == VILLAGE
    revoke_card(desk, token)
    with pytest.raises(Refusal, match="已经停用，请找村干部换新卡"):
        open_card(desk, token)
    assert issue_card(desk, VILLAGE) != token


@pytest.mark.parametrize("token", ["", "x" * 22, card_token("AbCd-_19", COUNTY.card_key)])
def test_forged_and_unknown_cards_are_refused(desk: Desk, token: str):
    with pytest.raises(Refusal):
        open_card(desk, token)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("窦村", [VILLAGE]),
        ("窦", [VILLAGE]),
        ("三合", ["610528101200", "610528102200"]),
        ("三合村", ["610528101200", "610528102200"]),
        ("庄里", ["610528101"]),
        ("张桥镇", ["610528102"]),
        ("没有", []),
        ("庄里镇三合村", ["610528101200"]),
        ("庄里 三合", ["610528101200"]),
        ("我是窦村的", [VILLAGE]),
        ("俺家在富平庄里镇窦村五组", [VILLAGE]),
        ("陕西省渭南市富平县庄里镇窦村3组12号", [VILLAGE]),
        ("三合村二组", ["610528101200", "610528102200"]),
        ("我在庄里镇", ["610528101"]),
        ("窦村渠堵了", []),
        ("三合土路烂了", []),
        ("%", []),
    ],
)
def test_find_areas(desk: Desk, words: str, codes: list[str]):
    assert [area.code for area in find_areas(desk, "610528", words)] == codes


def test_every_village_of_a_scope_gets_one_card(desk: Desk):
    county = cards_to_print(desk, "610528")
    assert [card.area.code for card in county] == ["610528101200", VILLAGE, "610528102200"]
    assert [card.token for card in cards_to_print(desk, "610528101")] == [c.token for c in county[:2]]
    assert all(card.cadre is None and card.looks_after == () for card in county)
    with pytest.raises(Refusal):
        cards_to_print(desk, "610599")


def face(**changes: object) -> CardFace:
    values = {
        "sheet": "610528101", "title": "庄里镇", "area": VILLAGE, "serial": "AbCd-_19", "county": "富平县",
        "place": "庄里镇 窦村", "cadre": "王秀兰", "duty": "您的包联干部", "phone": "00010000001",
        "looks_after": ("窦村", "东村"), "items": ("道路出行", "土地"), "promises": promises(Limits(accept_hours=12)),
        "hotline": "12345", "links": (Link("微信扫一扫", "https://lianxin.example/chat?card=AbCd"),),
    }  # fmt: skip
    return CardFace(**(values | changes))


def test_sheet_has_eight_cards_a_page_and_says_all_that_matters(tmp_path: Path):
    sheet, index = make_cards([face(copies=9)], tmp_path)
    html = sheet.read_text("utf-8")
    assert (html.count('<section class="page">'), html.count('<article class="card">')) == (2, 9)
    for words in (
        "王秀兰", "00010000001", "窦村、东村", "道路出行、土地", "12小时内签收", "1个工作日内联系",
        "5个工作日答复", "12345", "干部换了，这张卡照样能用", "扫码自愿",
    ):  # fmt: skip
        assert words in html
    with index.open(encoding="utf-8-sig") as file:
        assert list(csv.reader(file))[1:] == [[VILLAGE, "庄里镇 窦村", "AbCd-_19", "610528101.html", "9"]]


def test_each_sheet_has_its_file(tmp_path: Path):
    written = make_cards([face(), face(sheet="610528102"), face()], tmp_path)
    assert [path.name for path in written] == ["610528101.html", "610528102.html", "index.csv"]


def test_a_village_without_a_cadre_gets_the_hotline(tmp_path: Path):
    html = make_cards([face(cadre="", phone="")], tmp_path)[0].read_text("utf-8")
    assert "正在安排" in html


def test_names_are_text_and_not_markup(tmp_path: Path):
    html = make_cards([face(cadre="<script>")], tmp_path)[0].read_text("utf-8")
    assert "<script>" not in html


def test_qr_code_stands_in_the_page_as_it_was_drawn(tmp_path: Path):
    url = "https://lianxin.example/chat?card=AbCd"
    html = make_cards([face()], tmp_path)[0].read_text("utf-8")
    assert str(qr_code(url)) in html
    assert re.search(r'<svg[^>]*viewBox="0 0 (\d+) \1"', qr_code(url))


def test_a_card_for_each_household_of_a_village(desk: Desk):
    printed = cards_to_print(desk, VILLAGE, ["三组12号", " 三组 13号", "三组12号"])
    assert [card.household for card in printed] == ["三组12号", "三组 13号"]
    assert open_card(desk, printed[0].token).household == "三组12号"
    for scope, household in (("610528101", "三组12号"), (VILLAGE, " "), (VILLAGE, "长" * 13)):
        with pytest.raises(Refusal):
            cards_to_print(desk, scope, [household])
