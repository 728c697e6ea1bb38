"""A bank of answers and quiz questions, as tests load them. What it says is made up."""

from datetime import date

from domain.knowledge.entry import Entry
from domain.quizzes import Question
from services.desk import Desk
from services.knowledge.loading import load_bank
from services.quizzes import practice

LONG = "".join(
    f"第{number}步，先到窗口问清楚，再回家准备下一样材料，别着急也别空跑。" for number in range(1, 7)
)
BANK = (
    Entry(
        "低保怎么申请？",
        ("低保在哪办", "申请低保找谁"),
        "向镇政府提出书面申请。",
        "样例办法",
        date(2025, 3, 1),
    ),
    Entry(
        "身份证丢了怎么补办？",
        ("补身份证要多久",),
        "到派出所申请补领，60天内发证。",
        "样例法",
        date(2024, 6, 1),
    ),
    Entry("建房手续怎么办？", ("盖房要什么手续",), LONG, "样例规定", date(2025, 1, 1)),
    Entry("合疗一年交多少钱？", (), "400元。", "样例通知", date(2024, 8, 1), until=date(2025, 12, 31)),
)
QUESTIONS = (
    Question("安全", "着火打哪个电话？", ("119", "120", "12345"), (0,), "先跑出来再打。"),
    Question("安全", "骑电动车要做到哪些？", ("戴头盔", "带三个人", "不闯红灯"), (0, 2), "不超载。"),
    Question("防骗", "谁要验证码能给？", ("亲戚", "谁都不给"), (1,), "给了钱就没了。"),
)


def load(desk: Desk) -> None:
    load_bank(desk, BANK)
    practice.load(desk, QUESTIONS)
