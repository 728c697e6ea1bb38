"""`make fuzz`: very many mutated callbacks, with no answer of 5xx, no hang, and no growth in memory.

Run as `python -m tests.faults.fuzz_callbacks --count 100000`.
"""

import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from tests.databases import migrated, new_sqlite
from tests.faults.pelting import pelted

MAY_GROW = 4.0
"""MB by which the second half of the callbacks may make the service larger."""
WARM_UP = 0.1


async def fuzz(mode: str, count: int, seed: int, template: str) -> bool:
    """Pelt a service in this mode. Raises what `Pelted` raises; False: it has grown."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        async with pelted(Path(folder), mode, template) as service:
            started, begun = service.serving.memory(), time.monotonic()
            statuses = await service.pelt(rng, int(count * WARM_UP))
            warm, half = service.serving.memory(), count // 2
            statuses += await service.pelt(rng, half - int(count * WARM_UP))
            middle = service.serving.memory()
            statuses += await service.pelt(rng, count - half)
            end, took = service.serving.memory(), time.monotonic() - begun
            await service.check()
    print(
        f"{mode}: {count} callbacks in {took:.0f} s, answered with {dict(sorted(statuses.items()))}; memory "
        f"{started:.1f} MB at first, {warm:.1f} warm, {middle:.1f} after half, {end:.1f} at the end"
    )
    return end - middle <= MAY_GROW


def main(
    count: Annotated[int, typer.Option(help="A third of them plain, two thirds sealed.")] = 100_000,
    seed: Annotated[int, typer.Option(help="0: another one each time.")] = 0,
) -> None:
    """Mutated callbacks of WeChat and WeCom, posted to a real service."""
    seed = seed or random.SystemRandom().randrange(1, 10**6)
    print(f"seed {seed}")
    sizes = {"plain": count // 3, "safe": count - count // 3}
    with tempfile.TemporaryDirectory() as folder:
        template = migrated(new_sqlite(Path(folder)))
        grown = [mode for mode, size in sizes.items() if not asyncio.run(fuzz(mode, size, seed, template))]
    if grown:
        sys.exit(f"memory has grown by more than {MAY_GROW} MB in the second half: {', '.join(grown)}")


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()
