"""A font with Chinese characters. Nothing is installed by us: Debian's fonts-noto-cjk is what we ask for."""

from pathlib import Path

_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
)
_FILES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC*.[ot]tf",
    "SourceHanSans*-Regular.[ot]t[cf]",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallback*.ttf",
    "PingFang.ttc",
)
"""The best first."""


def chinese_font(folders: tuple[str, ...] = _FOLDERS) -> Path | None:
    """A font file to draw Chinese with; None where there is none: then no charts are drawn, and all else works."""
    there = [Path(folder).expanduser() for folder in folders]
    found = (path for name in _FILES for folder in there if folder.is_dir() for path in folder.rglob(name))
    return next(found, None)
