"""Where one word ends and the next begins, by jieba with a small dictionary of its own.

jieba's full dictionary takes 60 MB; the rare words and the long idioms in it help nobody here.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

with warnings.catch_warnings():
    # jieba asks setuptools for a module that setuptools is about to drop; it has its own way round.
    warnings.simplefilter("ignore")
    import jieba

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RAREST = 20
_LONGEST = 4


class Words:
    """Cuts text into words. `known` are words that stay however rare or long they are.

    The dictionary is written into `cache_dir` (by default the system's temporary folder) at the first use
    and again when jieba or `known` change. Safe to share between threads.
    """

    def __init__(self, known: Iterable[str], cache_dir: str | None) -> None:
        jieba.setLogLevel(logging.CRITICAL)
        self._known = frozenset(known)
        self._dir = Path(cache_dir or tempfile.gettempdir())
        self._tokenizer: jieba.Tokenizer | None = None
        self._lock = threading.Lock()

    def warm(self) -> jieba.Tokenizer:
        """Load the dictionary now (a moment; a second the first time) rather than at the first sentence."""
        with self._lock:
            if self._tokenizer is None:
                self._tokenizer = self._load()
            return self._tokenizer

    def cut(self, text: str) -> Iterator[str]:
        """The words of `text`, in order; together they are the whole of it."""
        words: Iterator[str] = (self._tokenizer or self.warm()).cut(text, HMM=False)
        return words

    def boundaries(self, text: str) -> int:
        """A bit for every place in `text` where a word begins or ends."""
        boundaries, place = 1, 0
        for word in self.cut(text):
            place += len(word)
            boundaries |= 1 << place
        return boundaries

    def _load(self) -> jieba.Tokenizer:
        try:
            tokenizer = jieba.Tokenizer(dictionary=str(self._dictionary()))
        except OSError:
            # A folder that cannot be written to costs memory, not the service.
            tokenizer = jieba.Tokenizer()
        tokenizer.tmp_dir = str(self._dir)
        tokenizer.initialize()
        return tokenizer

    def _dictionary(self) -> Path:
        mark = hashlib.sha256("\n".join([jieba.__version__, *sorted(self._known)]).encode()).hexdigest()[:16]
        path = self._dir / f"triage-words-{mark}.txt"
        if not path.exists():
            self._write(path)
        return path

    def _write(self, path: Path) -> None:
        handle, draft = tempfile.mkstemp(dir=self._dir)
        with os.fdopen(handle, "w", encoding="utf-8") as small, jieba.get_module_res("dict.txt") as full:
            small.writelines(
                f"{word} {count}\n" for word, count in map(_entry, full) if self._keeps(word, count)
            )
        Path(draft).replace(path)

    def _keeps(self, word: str, count: int) -> bool:
        # A word of the lexicon that jieba has never heard of needs no entry: it falls into single characters.
        return (count >= _RAREST and len(word) <= _LONGEST) or word in self._known


def _entry(line: bytes) -> tuple[str, int]:
    word, count, *_ = line.decode().split()
    return word, int(count)
