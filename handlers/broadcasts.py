"""Who wants no messages that are sent to many, and who wants them again."""

from domain.talk import Reply
from handlers.scene import Replies, Scene
from services import broadcasts


def person_wants_no_more(scene: Scene) -> Replies:
    broadcasts.refuse_broadcasts(scene.desk, scene.person.id)
    return [Reply("好，以后不给您群发了。您报的事照常回话。想再收，回“订阅”。")]


def person_wants_them_again(scene: Scene) -> Replies:
    broadcasts.accept_broadcasts(scene.desk, scene.person.id)
    return [Reply("好，以后有问卷和通知会告诉您。不想收，回“退订”。")]
