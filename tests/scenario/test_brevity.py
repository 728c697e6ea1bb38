"""What every story is measured by at its end."""

import pytest

from tests.scenario.brevity import is_too_long

HERS = "渠堵了水下不来三组东头二十亩地都旱着呢求人来看一看行不行啊"
OURS = "好，记下了，干部三天内给您回话，到时候会在这里告诉您"


@pytest.mark.parametrize(
    ("text", "long"),
    [
        (OURS, False),
        (OURS * 3, True),
        (f"您说：{HERS}。{OURS}。对吗？", False),
        (f"您说：{HERS[:20]}…。{OURS}。对吗？", False),
        (f"{OURS}，{OURS}，{HERS}", False),
        (f"{OURS}，{OURS}，{OURS}，{HERS}", True),
        (f"{OURS}：\n1 {OURS}\n2 {OURS}", False),
        ("约谈1号\n" + "\n".join([OURS] * 9), False),
        ("约谈1号\n" + OURS * 9, True),
    ],
)
def test_only_our_own_words_count(text: str, long: bool) -> None:
    assert is_too_long(text, [HERS]) is long
