"""The clock passes by itself, and whoever waits wakes when it is moved."""

import asyncio

import pytest

from bot.harness.clock import Clock


async def test_who_waits_for_an_hour_wakes_when_an_hour_is_skipped() -> None:
    clock = Clock()
    waiting = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0)

    clock.advance(3599)
    await asyncio.sleep(0)
    assert not waiting.done()
    clock.advance(1)
    await asyncio.wait_for(waiting, 1)


async def test_time_also_passes_by_itself() -> None:
    clock = Clock()
    begun = clock.seconds()

    await clock.sleep(0.01)

    assert clock.seconds() - begun >= 0.01


async def test_the_date_moves_with_it() -> None:
    clock = Clock()
    before = clock.now()

    clock.advance(86_400)

    assert (clock.now() - before).days == 1


def test_it_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="forward"):
        Clock().advance(-1)
