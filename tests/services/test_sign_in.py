"""Signing in against a clock: sessions that end by themselves, and who is slowed down. On both databases."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from aishare.catalogue import schema
from aishare.catalogue.database.session import Catalogue
from aishare.core.errors import NotAuthenticated, Throttled, WrongCredentials
from aishare.services.people.passwords import PasswordService
from aishare.services.people.sessions import ClientInfo, SessionLimits, SessionService, TokenService, TokenWish
from aishare.services.people.sign_in_throttle import AttemptOrigin, SignInLimits, SignInThrottle
from aishare.services.people.users import NewUser, UserService
from tests.support.catalogue import NOW, make_user

PASSWORD = "correct horse battery"
HERE = AttemptOrigin("192.0.2.1")
CLIENT = ClientInfo("192.0.2.1", "test")


class MovableClock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


class World:
    """Users and sessions, at a time of our own."""

    def __init__(self, catalogue: Catalogue, passwords: PasswordService, *, address: int | None = 6) -> None:
        self.clock, self.catalogue, self.passwords = MovableClock(), catalogue, passwords
        limits = SignInLimits(account=3, address=address, lock=timedelta(minutes=5))
        self.throttle = SignInThrottle(catalogue=catalogue, limits=limits, clock=self.clock)
        self.users = UserService(catalogue=catalogue, passwords=passwords, throttle=self.throttle, clock=self.clock)
        session_limits = SessionLimits(idle=timedelta(hours=12), absolute=timedelta(days=2))
        self.sessions = SessionService(catalogue=catalogue, limits=session_limits, clock=self.clock)
        self.tokens = TokenService(catalogue=catalogue, clock=self.clock)

    async def outcome(self, username: str, password: str = "wrong password", origin: AttemptOrigin = HERE) -> str:
        try:
            await self.users.sign_in(username, password, origin=origin)
        except WrongCredentials:
            return "wrong"
        except Throttled as error:
            return f"locked for {error.retry_after_seconds}"
        return "in"

    async def throttled_subjects(self) -> int:
        query = select(func.count()).select_from(schema.login_throttle)
        return await self.catalogue.read(lambda connection: connection.execute(query).scalar_one())


@pytest.fixture
async def passwords() -> AsyncIterator[PasswordService]:
    service = PasswordService()
    yield service
    service.close()


@pytest.fixture
async def world(catalogue: Catalogue, passwords: PasswordService) -> World:
    made = World(catalogue, passwords)
    await made.users.create(NewUser("ada", password=PASSWORD))
    return made


async def is_good(world: World, secret: str) -> bool:
    try:
        await world.sessions.caller(secret)
    except NotAuthenticated:
        return False
    return True


async def test_a_session_ends_when_it_is_not_used(world: World) -> None:
    secret = await world.sessions.start(await world.users.by_name("ada"), CLIENT)
    for _ in range(3):
        world.clock.move(hours=11, minutes=59)
        assert await is_good(world, secret)
    world.clock.move(hours=12, seconds=1)
    assert not await is_good(world, secret)
    assert await world.sessions.sessions_of(await world.users.by_name("ada")) == []


async def test_a_session_ends_at_its_time_however_often_it_is_used(world: World) -> None:
    secret = await world.sessions.start(await world.users.by_name("ada"), CLIENT)
    for _ in range(47):
        world.clock.move(hours=1)
        assert await is_good(world, secret)
    world.clock.move(minutes=59)
    assert await is_good(world, secret)
    world.clock.move(minutes=1)
    assert not await is_good(world, secret)
    await world.sessions.sweep()
    rows = select(func.count()).select_from(schema.sessions)
    assert await world.catalogue.read(lambda connection: connection.execute(rows).scalar_one()) == 0


async def test_a_token_ends_at_its_time_and_one_without_does_not(world: World) -> None:
    ada = await world.users.by_name("ada")
    _, short = await world.tokens.create(ada, TokenWish(name="short", expires_in_seconds=60))
    _, endless = await world.tokens.create(ada, TokenWish(name="endless"))
    world.clock.move(seconds=59)
    await world.tokens.caller(short)
    world.clock.move(seconds=1)
    with pytest.raises(NotAuthenticated):
        await world.tokens.caller(short)
    world.clock.move(days=3650)
    await world.tokens.caller(endless)


async def test_an_account_is_locked_for_a_while_from_wherever(world: World) -> None:
    assert [await world.outcome("ada") for _ in range(4)] == ["wrong", "wrong", "wrong", "locked for 301"]
    assert await world.outcome("ADA", PASSWORD, AttemptOrigin("198.51.100.9")) == "locked for 301"
    assert await world.outcome("nobody", origin=AttemptOrigin("198.51.100.9")) == "wrong"
    world.clock.move(minutes=5)
    assert await world.outcome("ada", PASSWORD) == "in"


async def test_a_name_that_nobody_has_is_locked_like_one_that_somebody_has(world: World) -> None:
    named = [await world.outcome("ada", origin=AttemptOrigin("192.0.2.1")) for _ in range(4)]
    assert [await world.outcome("nobody", origin=AttemptOrigin("192.0.2.2")) for _ in range(4)] == named


async def test_an_address_that_tries_many_names_is_locked_later_than_an_account(world: World) -> None:
    assert [await world.outcome(f"name{number}") for number in range(6)] == ["wrong"] * 6
    assert await world.outcome("ada", PASSWORD) == "locked for 301"
    assert await world.outcome("ada", PASSWORD, AttemptOrigin("192.0.2.2")) == "in"
    world.clock.move(minutes=5)
    assert await world.outcome("ada", PASSWORD) == "in"


async def test_a_guesser_with_an_account_does_not_set_the_count_of_its_address_back(world: World) -> None:
    for number in range(6):
        assert await world.outcome(f"victim{number}") == "wrong"
        if number < 5:
            assert await world.outcome("ada", PASSWORD) == "in"
    assert await world.outcome("ada", PASSWORD) == "locked for 301"


async def test_everybody_behind_one_proxy_is_not_locked_out(world: World) -> None:
    proxy = AttemptOrigin("10.0.0.1", shared=True)
    assert [await world.outcome(f"name{number}", origin=proxy) for number in range(20)] == ["wrong"] * 20
    assert await world.outcome("ada", PASSWORD, proxy) == "in"
    assert [await world.outcome("ada", origin=proxy) for _ in range(4)][-1] == "locked for 301"


async def test_what_looks_like_a_proxy_has_a_higher_limit_and_has_one(world: World) -> None:
    proxy = AttemptOrigin("10.0.0.1", shared=True)
    outcomes = [await world.outcome(f"name{number}", origin=proxy) for number in range(30)]
    assert outcomes == ["wrong"] * 24 + ["locked for 301"] * 6
    assert await world.outcome("ada", PASSWORD, proxy) == "locked for 301"
    assert await world.outcome("ada", PASSWORD, AttemptOrigin("10.0.0.1")) == "in"


async def test_of_many_guesses_at_the_same_moment_no_more_are_looked_at_than_the_limit(world: World) -> None:
    other = World(world.catalogue, world.passwords)  # as another process has its own
    guesses = [one.outcome("ada", origin=AttemptOrigin(f"192.0.2.{n}")) for n in range(15) for one in (world, other)]
    outcomes = await asyncio.gather(*guesses)
    assert outcomes.count("wrong") == 3
    assert outcomes.count("locked for 301") == 27


async def test_of_many_names_from_one_address_at_once_no_more_are_looked_at_than_its_limit(world: World) -> None:
    outcomes = await asyncio.gather(*(world.outcome(f"name{number}") for number in range(20)))
    assert outcomes.count("wrong") == 6


async def test_people_who_know_the_password_do_not_lock_each_other_out(world: World) -> None:
    assert await asyncio.gather(*(world.outcome("ada", PASSWORD) for _ in range(12))) == ["in"] * 12


async def test_an_attempt_that_nobody_could_look_at_does_not_count(world: World, passwords: PasswordService) -> None:
    gate = threading.Event()
    crowd = [asyncio.create_task(passwords._run(gate.wait)) for _ in range(32)]
    await asyncio.sleep(0)
    for _ in range(5):
        with pytest.raises(Throttled, match="signing in at the moment"):
            await world.users.sign_in("ada", PASSWORD, origin=HERE)
    gate.set()
    await asyncio.gather(*crowd)
    assert await world.outcome("ada") == "wrong"
    assert await world.outcome("ada", PASSWORD) == "in"


async def test_the_addresses_of_one_subscriber_are_one(world: World) -> None:
    for number in range(6):
        assert await world.outcome(f"name{number}", origin=AttemptOrigin(f"2001:db8:1:2::{number}")) == "wrong"
    assert await world.outcome("ada", PASSWORD, AttemptOrigin("2001:db8:1:2:ffff::1")) == "locked for 301"
    assert await world.outcome("ada", PASSWORD, AttemptOrigin("2001:db8:1:3::1")) == "in"


async def test_addresses_have_no_limit_where_none_is_wanted(catalogue: Catalogue, passwords: PasswordService) -> None:
    world = World(catalogue, passwords, address=None)
    assert [await world.outcome(f"name{number}") for number in range(12)] == ["wrong"] * 12


async def test_what_does_not_count_any_more_is_swept(world: World) -> None:
    await asyncio.gather(
        *(world.outcome(f"name{number}", origin=AttemptOrigin("10.0.0.1", shared=True)) for number in range(9))
    )
    assert await world.throttled_subjects() == 10  # the names, and the proxy
    world.clock.move(minutes=4)
    for _ in range(3):
        await world.outcome("ada", origin=AttemptOrigin("10.0.0.1", shared=True))
    world.clock.move(minutes=2)
    await world.throttle.sweep()
    assert await world.throttled_subjects() == 1
    assert await world.outcome("ada", PASSWORD) == "locked for 181"
    world.clock.move(minutes=10)
    await world.throttle.sweep()
    assert await world.throttled_subjects() == 0


async def test_disabled_and_passwordless_users_are_told_the_same_as_everybody(world: World) -> None:
    await world.users.create(NewUser("leaver", password=PASSWORD))
    await world.users.disable("leaver")
    await make_user(world.catalogue, "demo", demo=True)
    messages = set()
    for name in ("leaver", "demo", "nobody", "ada"):
        with pytest.raises(WrongCredentials) as raised:
            await world.users.sign_in(
                name, PASSWORD if name == "leaver" else "", origin=AttemptOrigin("a", shared=True)
            )
        messages.add((raised.value.code, raised.value.message, raised.value.hint))
    assert len(messages) == 1
