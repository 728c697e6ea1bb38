"""Results as pictures: bars with Chinese words, for a phone's screen and for slides."""

from bot.charts.blocks import Block, Line, blocks_of
from bot.charts.charts import ChartError, draw, pages
from bot.charts.fonts import chinese_font

__all__ = ["Block", "ChartError", "Line", "blocks_of", "chinese_font", "draw", "pages"]
