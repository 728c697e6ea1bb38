"""Random words of people: Chinese, emoji, line ends, and whatever disturbs XML."""

_PIECES = (
    "渠堵了",
    "三组王家门口",
    "👨‍👩‍👧",
    "🌾",
    "𠮷",
    "\n",
    " ",
    "]]>",
    "<![CDATA[",
    "]]",
    ">",
    "<",
    "&amp;",
    "&",
    "</Content>",
    "<xml>",
    '"',
    "'",
    "\t",
    "abc 123",
    "é",
    "。",
    "%00",
    "-->",
    "<?x?>",
)


def wording(rng):
    """One to eight pieces, never empty at its ends, as wechatpy cuts off spaces there."""
    return "言" + "".join(rng.choice(_PIECES) for _ in range(rng.randrange(8))) + "完"
