"""Users, sessions, API tokens, failed sign-ins, audit."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, func, select, text

from aishare.catalogue import schema
from aishare.catalogue.database.session import Catalogue
from aishare.catalogue.people import throttle
from aishare.catalogue.people.audit import AuditEntry, append_audit
from aishare.catalogue.people.sessions import (
    CALLER_BY_SESSION,
    delete_expired_sessions,
    delete_session,
    insert_session,
    touch_session,
)
from aishare.catalogue.people.throttle import Limit
from aishare.catalogue.people.tokens import (
    CALLER_BY_TOKEN,
    ApiToken,
    NewToken,
    delete_token,
    insert_token,
    list_tokens,
    touch_token,
)
from aishare.catalogue.people.users import User, count_users, list_demo_users, list_users, set_disabled, user_by_name
from aishare.core.errors import Conflict
from tests.support.catalogue import NOW, digest, later, make_user

_LIMIT = Limit(failures=5, window=timedelta(seconds=60), lock=timedelta(seconds=300))


async def _session(catalogue: Catalogue, user: User, secret: str, *, seconds: float = 100) -> None:
    await catalogue.write(
        lambda connection: insert_session(
            connection,
            session_id=f"id of {secret}",
            token_hash=digest(secret),
            user_id=user.id,
            now=NOW,
            expires_at=later(seconds),
            user_agent="browser",
            address="192.0.2.1",
        )
    )


async def _token(catalogue: Catalogue, user: User, secret: str, *, at: float = 0) -> None:
    await catalogue.write(
        lambda connection: insert_token(
            connection, NewToken(f"id of {secret}", user.id, secret, digest(secret), later(at), None)
        )
    )


@pytest.mark.parametrize("again", ["Ada", "ADA", "ada", "\uff41\uff44\uff41"])
async def test_a_user_name_is_taken_in_any_spelling(catalogue: Catalogue, again: str) -> None:
    ada = await make_user(catalogue, "Ada")
    with pytest.raises(Conflict):
        await make_user(catalogue, again)
    found = await catalogue.read(lambda connection: user_by_name(connection, again))
    assert found.user == ada
    assert found.password_hash is None
    assert await catalogue.read(count_users) == 1


async def test_of_many_who_want_one_name_at_once_one_gets_it(catalogue: Catalogue) -> None:
    outcomes = await asyncio.gather(*(make_user(catalogue, "ada") for _ in range(12)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict"] * 11 + ["User"]


async def test_demo_users_are_those_flagged_and_enabled(catalogue: Catalogue) -> None:
    await make_user(catalogue, "plain")
    zoe, admin = (
        await make_user(catalogue, "zoe", demo=True),
        await make_user(catalogue, "a", demo=True, superuser=True),
    )
    gone = await make_user(catalogue, "gone", demo=True)
    await catalogue.write(lambda connection: set_disabled(connection, gone.id, disabled_at=NOW))
    everybody = await catalogue.read(lambda connection: list_demo_users(connection, include_superusers=True))
    assert everybody == [zoe, admin]
    assert await catalogue.read(lambda connection: list_demo_users(connection, include_superusers=False)) == [zoe]
    assert [user.username for user in await catalogue.read(list_users)] == ["a", "gone", "plain", "zoe"]


async def test_a_session_gives_its_caller_until_it_is_deleted(catalogue: Catalogue) -> None:
    ada = await make_user(catalogue)
    await _session(catalogue, ada, "secret")
    caller = await catalogue.lookup(CALLER_BY_SESSION, token_hash=digest("secret"))
    assert (caller.user, caller.session_id, caller.token_id) == (ada, "id of secret", None)
    assert (caller.last_seen_at, caller.expires_at) == (NOW, later(100))
    await catalogue.write(lambda connection: touch_session(connection, digest("secret"), later(7)))
    assert (await catalogue.lookup(CALLER_BY_SESSION, token_hash=digest("secret"))).last_seen_at == later(7)
    await catalogue.write(lambda connection: delete_session(connection, token_hash=digest("secret")))
    assert await catalogue.lookup(CALLER_BY_SESSION, token_hash=digest("secret")) is None


async def test_a_disabled_user_is_seen_as_such_at_the_next_look_up(catalogue: Catalogue) -> None:
    ada = await make_user(catalogue)
    await _session(catalogue, ada, "session")
    await _token(catalogue, ada, "token")
    await catalogue.write(lambda connection: set_disabled(connection, ada.id, disabled_at=later(1)))
    assert (await catalogue.lookup(CALLER_BY_SESSION, token_hash=digest("session"))).user.disabled_at == later(1)
    assert (await catalogue.lookup(CALLER_BY_TOKEN, token_hash=digest("token"))).user.disabled_at == later(1)


async def test_only_sessions_that_ended_are_swept(catalogue: Catalogue) -> None:
    ada = await make_user(catalogue)
    await _session(catalogue, ada, "short", seconds=10)
    await _session(catalogue, ada, "long", seconds=11)
    await catalogue.write(lambda connection: delete_expired_sessions(connection, now=later(10)))
    assert await catalogue.lookup(CALLER_BY_SESSION, token_hash=digest("short")) is None
    assert await catalogue.lookup(CALLER_BY_SESSION, token_hash=digest("long")) is not None


async def test_tokens_are_listed_newest_first_and_revoked_by_their_owner_alone(catalogue: Catalogue) -> None:
    ada, alan = await make_user(catalogue), await make_user(catalogue, "alan")
    await _token(catalogue, ada, "first")
    await _token(catalogue, ada, "second", at=1)
    await catalogue.write(lambda connection: touch_token(connection, digest("first"), later(9)))
    tokens = await catalogue.read(lambda connection: list_tokens(connection, ada.id))
    assert [(token.name, token.last_used_at) for token in tokens] == [("second", None), ("first", later(9))]
    caller = await catalogue.lookup(CALLER_BY_TOKEN, token_hash=digest("first"))
    assert (caller.user, caller.token_id, caller.session_id) == (ada, "id of first", None)

    def revoke(connection: Connection, user: User) -> ApiToken | None:
        return delete_token(connection, token_id="id of first", user_id=user.id)

    assert not await catalogue.write(lambda connection: revoke(connection, alan))
    revoked = await catalogue.write(lambda connection: revoke(connection, ada))
    assert revoked is not None
    assert revoked.name == "first"
    assert not await catalogue.write(lambda connection: revoke(connection, ada))
    assert await catalogue.lookup(CALLER_BY_TOKEN, token_hash=digest("first")) is None


async def test_a_user_who_goes_takes_sessions_and_tokens_along(catalogue: Catalogue) -> None:
    ada = await make_user(catalogue)
    await _session(catalogue, ada, "session")
    await _token(catalogue, ada, "token")
    await catalogue.write(
        lambda connection: connection.execute(delete(schema.users).where(schema.users.c.id == ada.id))
    )
    for table in (schema.sessions, schema.api_tokens, schema.usage):
        count = select(func.count()).select_from(table)
        assert await catalogue.read(lambda connection, count=count: connection.execute(count).scalar_one()) == 0


async def _fail(catalogue: Catalogue, *, at: float, subject: str = "user:ada") -> None:
    await catalogue.write(lambda connection: throttle.take_attempt(connection, {subject: _LIMIT}, now=later(at)))


async def _locked(catalogue: Catalogue, *subjects: str) -> object:
    return await catalogue.read(lambda connection: throttle.locked_until(connection, subjects or ["user:ada"]))


async def test_the_failure_that_reaches_the_limit_locks(catalogue: Catalogue) -> None:
    for second in range(4):
        await _fail(catalogue, at=second)
    assert await _locked(catalogue) is None
    await _fail(catalogue, at=4)
    assert await _locked(catalogue) == later(304)
    assert await _locked(catalogue, "address:x", "user:ada") == later(304)
    assert await _locked(catalogue, "address:x") is None
    await catalogue.write(lambda connection: throttle.clear(connection, ["user:ada"]))
    assert await _locked(catalogue) is None


async def test_slow_failures_never_lock(catalogue: Catalogue) -> None:
    for minute in range(12):
        await _fail(catalogue, at=minute * 61)
    assert await _locked(catalogue) is None


async def test_failures_after_a_lock_count_from_the_start(catalogue: Catalogue) -> None:
    for second in range(5):
        await _fail(catalogue, at=second)
    for second in range(4):
        await _fail(catalogue, at=400 + second)
    assert await _locked(catalogue) is None
    await _fail(catalogue, at=404)
    assert await _locked(catalogue) == later(704)


async def test_many_failures_at_once_are_all_counted(catalogue: Catalogue) -> None:
    await asyncio.gather(*(_fail(catalogue, at=0) for _ in range(4)))
    assert await _locked(catalogue) is None
    await _fail(catalogue, at=0)
    assert await _locked(catalogue) == later(300)


async def test_failures_from_one_address_for_many_names_do_not_disturb_each_other(catalogue: Catalogue) -> None:
    async def fail_both(name: int) -> None:
        def record(connection: Connection) -> None:
            throttle.take_attempt(connection, {f"user:{name}": _LIMIT, "address:x": _LIMIT}, now=NOW)

        await catalogue.write(record)

    await asyncio.gather(*(fail_both(name) for name in range(20)))
    assert await _locked(catalogue, "address:x") == later(300)


async def test_no_more_attempts_are_taken_than_lock(catalogue: Catalogue) -> None:
    limits = {"user:ada": _LIMIT, "address:x": _LIMIT}
    taken = await asyncio.gather(
        *(
            catalogue.write(
                lambda connection: throttle.take_attempt(
                    connection,
                    limits,
                    now=NOW,
                )
            )
            for _ in range(20)
        )
    )
    assert [one.refused_until for one in taken].count(None) == 5
    assert [one.locking for one in taken].count(("user:ada", "address:x")) == 1


async def test_what_is_given_back_does_not_lock(catalogue: Catalogue) -> None:
    for second in range(5):
        await _fail(catalogue, at=second)
    await catalogue.write(lambda connection: throttle.give_back(connection, ["user:ada"]))
    assert await _locked(catalogue) is None
    await _fail(catalogue, at=5)
    assert await _locked(catalogue) == later(305)


async def test_an_act_is_in_the_log_with_all_that_is_known(catalogue: Catalogue) -> None:
    entry = AuditEntry(NOW, "file_deleted", "ada", "id", "a.txt", "{}", "192.0.2.1", "request")
    await catalogue.write(lambda connection: append_audit(connection, entry))
    columns = text("SELECT action, actor_name, actor_id, target, detail, address, request_id FROM audit")
    row = await catalogue.read(lambda connection: tuple(connection.execute(columns).one()))
    assert row == ("file_deleted", "ada", "id", "a.txt", "{}", "192.0.2.1", "request")
