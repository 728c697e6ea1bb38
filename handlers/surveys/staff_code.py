"""The link that leads to a survey, its QR code for paper, and WeChat's own code for it."""

from domain.talk import Reply
from handlers.scene import Replies, Scene
from services.surveys.files import WECHAT_CODE, link_of, order_code


def link_and_code(scene: Scene, survey: int) -> Replies:
    """Nothing where the county has no address to be written down, and no service account."""
    desk, replies = scene.desk, []
    link = link_of(desk.county, survey)
    if link:
        replies.append(Reply(f"链接，可以转发、印在纸上：{link}", media=(order_code(desk, survey),)))
    if desk.county.gives_codes:
        code = order_code(desk, survey, WECHAT_CODE)
        replies.append(Reply("微信码：扫了就能在微信里答，30天有效。图没来，就用链接。", media=(code,)))
    return replies
