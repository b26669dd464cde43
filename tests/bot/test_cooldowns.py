"""How often somebody may ask, and what one who asks more often is told."""

import pytest

from bot.cooldowns import MEMBER, SERVER, Cooldowns, Limit
from bot.errors import AskedTooOftenError
from bot.harness import LoopbackDiscord
from bot.harness.fixtures import People

CLAIM = "47% of Republican voters favor Tuberville"


class Time:
    """A clock that stands still until it is set."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def ask_until_refused(cooldowns: Cooldowns, asking: dict[str, Limit]) -> tuple[int, AskedTooOftenError]:
    for number in range(10_000):
        try:
            cooldowns.count(asking)
        except AskedTooOftenError as error:
            return number, error
    raise AssertionError("nobody was refused")


def test_a_minutes_questions_may_come_at_once_and_then_one_at_a_time() -> None:
    clock = Time()
    cooldowns = Cooldowns(clock)

    asked, refusal = ask_until_refused(cooldowns, {"ada": MEMBER})
    assert asked == MEMBER.a_minute
    assert refusal.wait == pytest.approx(60 / MEMBER.a_minute)

    clock.now += refusal.wait
    assert ask_until_refused(cooldowns, {"ada": MEMBER})[0] == 1
    clock.now += 60
    assert ask_until_refused(cooldowns, {"ada": MEMBER})[0] == MEMBER.a_minute


def test_a_server_has_a_limit_of_its_own_and_others_are_not_held_up() -> None:
    cooldowns = Cooldowns(Time())
    for number in range(SERVER.a_minute):
        cooldowns.count({f"member {number}": MEMBER, "server": SERVER})

    with pytest.raises(AskedTooOftenError) as refused:
        cooldowns.count({"somebody new": MEMBER, "server": SERVER})

    assert refused.value.whose == "server"
    cooldowns.count({"somebody new": MEMBER, "another server": SERVER})


def test_what_is_refused_counts_for_nobody() -> None:
    cooldowns = Cooldowns(Time())
    ask_until_refused(cooldowns, {"ada": Limit("you", 5)})

    for _ in range(20):
        with pytest.raises(AskedTooOftenError):
            cooldowns.count({"ada": Limit("you", 5), "server": Limit("this server", 10)})

    assert ask_until_refused(cooldowns, {"server": Limit("this server", 10)})[0] == 10


def test_only_the_latest_are_remembered() -> None:
    cooldowns = Cooldowns(Time(), most_kept=2)
    once = Limit("you", 1)
    for name in ("ada", "bo", "cy"):
        cooldowns.count({name: once})

    cooldowns.count({"ada": once})
    with pytest.raises(AskedTooOftenError):
        cooldowns.count({"cy": once})


async def test_one_who_asks_too_often_is_told_alone_how_long_to_wait(discord: LoopbackDiscord, people: People) -> None:
    answer = await people.ada.check(CLAIM, private=True)
    for _ in range(MEMBER.a_minute // 2):
        answer = await people.ada.check(CLAIM, private=True)
        if answer.is_private and "Ask again in" in answer.text:
            break
        await people.ada.press(answer, "Details")

    refused = await people.ada.check(CLAIM)

    assert refused.is_private
    assert "Not done: you asked more than 20 times in a minute" in refused.text
    assert "Ask again in 3 seconds." in refused.text
    assert "Ask again in" not in (await people.mo.check(CLAIM)).text

    discord.clock.advance(3)
    assert "Ask again in" not in (await people.ada.check(CLAIM)).text
