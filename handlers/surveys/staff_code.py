"""The link that leads to a survey, and its QR code for paper."""

from domain.talk import Reply
from handlers.scene import Replies, Scene
from services.surveys.files import link_of, order_code


def link_and_code(scene: Scene, survey: int) -> Replies:
    """Nothing where the county has no address to be written down."""
    link = link_of(scene.desk.county, survey)
    if not link:
        return []
    return [Reply(f"链接，可以转发、印在纸上：{link}", media=(order_code(scene.desk, survey),))]
