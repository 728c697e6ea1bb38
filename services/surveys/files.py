"""Charts and workbooks for the chat: asked for inside a turn, made after it, sent when they are there."""

from domain.county import County
from domain.talk import Media
from services.desk import Desk
from storage import media

MADE = "surveys"
"""Stands in an attachment for the messenger that it comes from: these we make ourselves."""
CHART, WORKBOOK, CODE, WECHAT_CODE = "chart", "workbook", "code", "wechat-code"
SENT = "sent"
NAMES = {
    CHART: ("问卷", "结果图"),
    WORKBOOK: ("问卷", "明细"),
    SENT: ("问卷", "照片语音"),
    CODE: ("问卷", "二维码"),
    WECHAT_CODE: ("问卷", "微信码"),
}
"""What such a file is called, before and behind the survey's number."""
MOST_ROWS = 5_000
"""Answers in a workbook for the chat: what is made in memory must not crowd out the service."""


def order(desk: Desk, survey: int) -> tuple[int, int]:
    """Attachments that are still to be made: the chart and the workbook of a survey's results.

    Who may see them is asked before.
    """
    wanted = [Media("image", f"{CHART}:{survey}"), Media("file", f"{WORKBOOK}:{survey}")]
    chart, workbook = media.add(desk.tx, MADE, wanted, desk.now)
    return chart, workbook


def order_sent(desk: Desk, survey: int) -> int:
    """The attachment, still to be made, with all pictures and sounds that were sent as answers. As `order`."""
    [packed] = media.add(desk.tx, MADE, [Media("file", f"{SENT}:{survey}")], desk.now)
    return packed


def order_code(desk: Desk, survey: int, kind: str = CODE) -> int:
    """The attachment, still to be made, with the QR code of the survey's link, or with WeChat's own code for it."""
    [code] = media.add(desk.tx, MADE, [Media("image", f"{kind}:{survey}")], desk.now)
    return code


def link_of(county: County, survey: int) -> str:
    """The link that leads to a survey; "" where the county has no address to be written down."""
    return f"{county.door}s{survey}" if county.door else ""
