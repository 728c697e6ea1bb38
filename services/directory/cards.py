"""连心卡: a printed token that leads to whoever is the cadre now."""

from domain.directory import Card, card_serial, card_token, new_serial
from domain.errors import Refusal
from services.desk import Desk
from storage.directory import cards


def issue_card(desk: Desk, area: str, household: str = "") -> str:
    """The token of the card in force for an area (and household); a new card if there is none."""
    card = cards.of_area(desk.tx, area, household)
    if card is not None:
        return card_token(card.serial, desk.county.card_key)
    serial = new_serial()
    cards.add(desk.tx, serial, area, household, desk.now)
    return card_token(serial, desk.county.card_key)


def open_card(desk: Desk, token: str) -> Card:
    """The card of a token. Raises Refusal when it is forged, unknown or revoked."""
    card = cards.find(desk.tx, card_serial(token, desk.county.card_key))
    if card is None:
        raise Refusal("这张卡认不出来，请再扫一次，或找村干部换一张。")
    if card.revoked_at is not None:
        raise Refusal("这张连心卡已经停用，请找村干部换新卡。")
    return card


def revoke_card(desk: Desk, token: str) -> None:
    """The card opens nothing from now on."""
    cards.revoke(desk.tx, open_card(desk, token).serial, desk.now)
