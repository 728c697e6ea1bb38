"""What an operator sets for WeCom."""

from dataclasses import dataclass, field

OFFICIAL_API = "https://qyapi.weixin.qq.com"
CALLBACK_PATH = "/wecom/callback"


@dataclass(frozen=True, slots=True)
class WeComSettings:
    """How to reach WeCom and how it reaches us. Raises ValueError in the operator's words."""

    corpid: str
    agentid: int
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_keys: tuple[str, ...] = field(repr=False)
    """The EncodingAESKey, and while it is being replaced the one before."""
    api_base: str = OFFICIAL_API
    stale_seconds: float = 300
    timeout: float = 10
    """Seconds to wait for a connection, and then for an answer."""

    def __post_init__(self) -> None:
        for name in ("corpid", "agentid", "secret", "token", "aes_keys"):
            if not getattr(self, name):
                raise ValueError(f"wecom: {name} is empty")
