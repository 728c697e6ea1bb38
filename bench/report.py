"""What was measured, as a table for people and as JSON for machines."""

import json
import statistics
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.load import Measured

ECHO = "bare aiogram echo, nothing stored"
WEROBOT = "WeRoBot as shipped, SQLite session"


class Report:
    """Rows by name. Ratios are to the echo and to WeRoBot of the same run; falls are to the small county of the same run."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.rows: dict[str, Measured] = {}
        self.scaled: dict[str, Measured] = {}
        self.facts: dict[str, tuple[float, str, float]] = {}
        """(value, unit, limit)."""

    def row(self, name: str, *, scaled: bool = False) -> Measured:
        return (self.scaled if scaled else self.rows).setdefault(name, Measured())

    def fact(self, name: str, value: float, unit: str, limit: float) -> None:
        self.facts[name] = (value, unit, limit)

    def show(self) -> None:
        echo = self.rows[ECHO].rate
        heads = ["", "a second", "p50 ms", "p99 ms", "CPU ms", "× echo", "× WeRoBot", "p99 × its"]
        table = Table(*heads, *(("at 1 000 000", "p99 ms", "fall") if self.scaled else ()))
        table.columns[0].no_wrap = True
        for column in table.columns[1:]:
            column.justify = "right"
        for name, measured in self.rows.items():
            table.add_row(
                name,
                *_figures(measured),
                f"{measured.rate / echo:.2f}",
                *self._beside_werobot(name, measured),
                *_scaled(measured, self.scaled.get(name)),
            )
        self.console.print(table)
        for name, (value, unit, limit) in self.facts.items():
            colour = "green" if value <= limit else "red"
            self.console.print(
                f"[{colour}]{value:8.1f} {unit}[/] {name} (at most {limit:g})", highlight=False
            )

    def _beside_werobot(self, name: str, measured: Measured) -> tuple[str, str]:
        """Rate and p99 of what answers WeChat, as multiples of WeRoBot's in the same mode."""
        mode = next((mode for mode in ("plain", "AES") if f", {mode}" in name), "")
        werobot = self.rows.get(f"{WEROBOT}, {mode}")
        if werobot is None:
            return "", ""
        return f"{_beside(measured.rates, werobot.rates):.2f}", f"{_beside(measured.p99s, werobot.p99s):.2f}"

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        told: dict[str, Any] = {
            "rows": {name: asdict(one) | {"rate": one.rate} for name, one in self.rows.items() if one.rates},
            "scaled": {
                name: asdict(one) | {"rate": one.rate} for name, one in self.scaled.items() if one.rates
            },
            "facts": {name: {"value": v, "unit": u, "limit": m} for name, (v, u, m) in self.facts.items()},
        }
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1))


def _beside(ours: list[float], theirs: list[float]) -> float:
    """The median of the rounds' ratios: what else runs on the machine in a round hits both."""
    return statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))


def _figures(measured: Measured) -> tuple[str, ...]:
    return f"{measured.rate:.0f}", f"{measured.p50:.1f}", f"{measured.p99:.1f}", f"{measured.cpu:.2f}"


def _scaled(small: Measured, large: Measured | None) -> tuple[str, ...]:
    if large is None:
        return ()
    return f"{large.rate:.0f}", f"{large.p99:.1f}", f"{100 - 100 * large.rate / small.rate:.0f} %"
