"""The menu of the company's app."""

from bot.channels.tencent.menu import Button, Place

DEFAULT = (
    Button("我的工单", "m:tasks"),
    Button("帮人报事", "m:behalf"),
    Button("请假", "m:leave-of-absence"),
)
"""Cadres and staff have WeCom."""


def place(agentid: int) -> Place:
    return Place(below_bytes=40, shown_at="/cgi-bin/menu/get", query={"agentid": str(agentid)})
