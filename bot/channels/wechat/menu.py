"""The menu of a service account."""

from bot.channels.tencent.menu import Button, Place

PLACE = Place(below_bytes=60, shown_at="/cgi-bin/get_current_selfmenu_info")
"""This tells of a menu made by hand on WeChat's page too."""
DEFAULT = (Button("报事", "m:file"), Button("我的事", "m:mine"), Button("找人", "m:person"))
