"""Tokens of links: what was signed for one thing opens nothing else, whoever alters it however often."""

import hashlib
import re
import time
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from aishare.catalogue import schema
from aishare.catalogue.people import users
from aishare.catalogue.people.sessions import Caller
from aishare.catalogue.sharing.links import FILE, FOLDER, REQUEST
from aishare.core.errors import AishareError, Gone, LinkNotFound, LinkOtherUser, NotAuthenticated
from aishare.services.people.passwords import PasswordService
from aishare.services.sharing.link_tokens import LinkTokens
from aishare.services.sharing.link_visits import LinkVisitService, Visitor
from aishare.services.sharing.links import LinkLimits, LinkService, LinkWish
from tests.support.catalogue import NOW, later, make_files, make_location, make_user
from tests.support.link_tokens import signed, wrong_tokens

KEY = "a secret key of the tests, which is long enough"
ALL = (FILE, FOLDER, REQUEST)


@dataclass
class World:
    """Two users, files, and the services with a clock that can be moved."""

    catalogue: object
    ada: Caller
    grace: Caller
    files: list
    now: list

    def tokens(self, *keys):
        return LinkTokens(tuple(SecretStr(key) for key in keys or (KEY,)))

    def visits(self, *keys):
        return LinkVisitService(catalogue=self.catalogue, tokens=self.tokens(*keys), clock=lambda: self.now[0])

    def links(self, *keys):
        limits = LinkLimits(timedelta(days=7), None)
        return LinkService(
            catalogue=self.catalogue,
            tokens=self.tokens(*keys),
            passwords=PasswordService(),
            limits=limits,
            clock=lambda: self.now[0],
        )

    def visitor(self, caller=None):
        async def who():
            if caller is None:
                raise NotAuthenticated("Nobody.")
            return caller

        return Visitor("192.0.2.1", who)

    async def enter(self, token, *keys, caller=None):
        return await self.visits(*keys).enter(token, self.visitor(caller), kinds=ALL)

    async def as_before(self, link):
        """The link as it would be if it had been made when tokens were signed, and its token."""
        values = {"token_hash": None, "token_sealed": None}
        statement = update(schema.links).where(schema.links.c.id == link.id).values(**values)
        await self.catalogue.write(lambda connection: connection.execute(statement))
        link = replace(link, token_sealed=None)
        return link, self.tokens().token(link)

    async def of_file(self, number=0, **wish):
        link = await self.links().share_file(self.ada, self.files[number].id, LinkWish(**wish))
        return link, self.tokens().token(link)

    async def of_folder(self, kind=FOLDER, **wish):
        link = await self.links().share_folder(self.ada, "set", kind, LinkWish(**wish))
        return link, self.tokens().token(link)


@pytest.fixture
async def world(catalogue):
    ada, grace = Caller(await make_user(catalogue)), Caller(await make_user(catalogue, "grace"))
    location = await make_location(catalogue)
    files = await make_files(catalogue, ada.user, location, ["set/a.csv", "set/b.csv", "c.bin"])
    return World(catalogue, ada, grace, files, [later(100)])


async def real_links(world):
    """Of every kind, each with its token, which is good for its own purpose."""
    return [
        await world.of_file(),
        await world.of_file(1, version="current"),
        await world.of_file(2, username="grace"),
        await world.of_file(expires_in_seconds=0),
        await world.of_folder(),
        await world.of_folder(REQUEST),
    ]


async def real_tokens(world):
    """Signed ones, as links of before have them, then those of today."""
    before = [await world.as_before(link) for link, _ in await real_links(world)]
    return [token for _, token in (*before, *await real_links(world))]


async def ended_tokens(world):
    """Genuine, of links that are over."""
    expired, revoked = await world.of_file(expires_in_seconds=1), await world.of_folder()
    await world.links().revoke(world.ada, [revoked[0].id])
    world.now[0] += timedelta(seconds=62)
    return [expired[1], revoked[1]]


def swapped(real):
    """Signed with our own key, but saying what no row says: other files, users, times, versions."""
    signed_ones = [token for token in real if "." in token]
    for token in signed_ones:
        link, what, version, expiry, user = token.rpartition(".")[0].split("-")
        others = [other.rpartition(".")[0].split("-") for other in signed_ones if other != token]
        for other in others:
            yield from (
                (other[0], what, version, expiry, user),
                (link, other[1], version, expiry, user),
                (link, what, other[2], expiry, user),
                (link, what, version, other[3], user),
                (link, what, version, "ffffffff", user),
                (link, what, version, "0", user),
                (link, what, version, expiry, other[4] or "a" * 24),
            )


class OneRowAsked:
    """A catalogue that answers look-ups of one row by its key, counts them, and can do nothing else."""

    def __init__(self, catalogue):
        self._catalogue = catalogue
        self.asked = 0

    async def lookup(self, lookup, **parameters):
        self.asked += 1
        return await self._catalogue.lookup(lookup, **parameters)


async def test_a_hundred_thousand_wrong_tokens_open_nothing(world, capsys):
    """Each costs one look-up by key. On PostgreSQL that takes a round trip, so there are fewer of them."""
    real = await real_tokens(world)
    ended = await ended_tokens(world)
    count = 100_000 if world.catalogue.label == "sqlite" else 5_000
    forged = [
        signed("-".join(parts), key=KEY, purpose=kind) for parts in swapped(real) for kind in ("download", "upload")
    ]
    cookies = [world.tokens().unlocked((await world.of_file(password="a password"))[0], until=later(9999))]
    genuine = {*real, *ended}
    special = [token for token in (*ended, *forged, *cookies) if token not in real]
    catalogue, visitor = OneRowAsked(world.catalogue), world.visitor()
    visits = LinkVisitService(catalogue=catalogue, tokens=world.tokens(), clock=lambda: world.now[0])
    accepted, times = [], []
    for token in (*special, *wrong_tokens(sorted(genuine), count - len(special), key=KEY)):
        began = time.perf_counter()
        try:
            await visits.enter(token, visitor, kinds=ALL)
            accepted.append(token)
        except (LinkNotFound, Gone):
            pass
        times.append(time.perf_counter() - began)
    times.sort()
    took = ", ".join(f"{times[int(len(times) * part)] * 1000:.2f} ms ({part:.2%})" for part in (0.5, 0.99, 0.9999))
    with capsys.disabled():
        print(f"\n{count} wrong tokens on {world.catalogue.label}: {took}, slowest {times[-1] * 1000:.2f} ms")
    assert accepted == []
    assert catalogue.asked == len(times) == count
    for token in real:  # and the real ones still open, to the user whom they are for
        await world.visits().enter(token, world.visitor(world.grace), kinds=ALL)


async def test_a_token_is_for_one_door(world):
    _, download = await world.of_folder()
    _, upload = await world.of_folder(REQUEST)
    visits, visitor = world.visits(), world.visitor()
    with pytest.raises(LinkNotFound):
        await visits.enter(upload, visitor, kinds=(FILE, FOLDER))
    with pytest.raises(LinkNotFound):
        await visits.enter(download, visitor, kinds=(REQUEST,))


async def test_a_link_of_a_user_is_for_nobody_else(world):
    _, token = await world.of_file(username="Grace")
    assert (await world.enter(token, caller=world.grace)).caller == world.grace
    with pytest.raises(NotAuthenticated):
        await world.enter(token)
    with pytest.raises(LinkOtherUser):
        await world.enter(token, caller=world.ada)


async def test_a_token_is_short_says_nothing_and_stands_nowhere(world):
    for link, token in await real_links(world):
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
        assert len({token, *[(await world.of_file())[1] for _ in range(3)]}) == 4
        row = await world.catalogue.read(
            lambda connection, wanted=link.id: tuple(
                connection.execute(select(schema.links).where(schema.links.c.id == wanted)).one()
            )
        )
        assert token not in str(row)
        assert hashlib.sha256(token.encode()).digest() in row


async def test_links_of_before_keep_their_signed_tokens(world):
    for link, short in await real_links(world):
        before, token = await world.as_before(link)
        assert token.startswith(link.id)
        assert (await world.enter(token, caller=world.grace)).link == before
        with pytest.raises(LinkNotFound):
            await world.enter(short, caller=world.grace)


async def test_a_link_with_a_short_token_has_no_signed_one_beside_it(world):
    for link, _ in await real_links(world):
        with pytest.raises(LinkNotFound):
            await world.enter(world.tokens().token(replace(link, token_sealed=None)), caller=world.grace)


async def test_a_sealed_token_is_good_for_its_own_link_only(world):
    (one, token), (other, _) = await world.of_file(), await world.of_file()
    assert world.tokens().token(replace(other, token_sealed=one.token_sealed)) != token


NEW_KEY, THIRD_KEY = "the key that comes after, long enough as well", "and a third one, also long enough for it"


async def test_keys_are_replaced_without_a_link_being_lost(world):
    link, token = await world.of_file()
    for keys in ((NEW_KEY, KEY), (THIRD_KEY, NEW_KEY, KEY), (NEW_KEY,)):
        assert (await world.enter(token, *keys)).link == link
    assert world.tokens(NEW_KEY, KEY).token(link) == token
    shown = world.tokens(NEW_KEY).token(link)  # the sealed one is lost with the key, and the owner needs an address
    assert (await world.enter(shown, NEW_KEY)).link == link
    with pytest.raises(LinkNotFound):
        await world.enter(shown, NEW_KEY, KEY)


async def test_signed_tokens_live_as_long_as_their_key(world):
    link, old = await world.as_before((await world.of_file())[0])
    await world.enter(old, NEW_KEY, KEY)
    await world.enter(old, THIRD_KEY, NEW_KEY, KEY)
    assert world.tokens(NEW_KEY, KEY).token(link) == world.tokens(NEW_KEY).token(link) != old
    await world.enter(world.tokens(NEW_KEY).token(link), THIRD_KEY, NEW_KEY, KEY)
    with pytest.raises(LinkNotFound):
        await world.enter(old, NEW_KEY)


async def test_a_link_ends_when_its_time_is_over(world):
    _, token = await world.of_file(expires_in_seconds=60)
    world.now[0] += timedelta(seconds=59)
    await world.enter(token)
    world.now[0] += timedelta(seconds=1)
    with pytest.raises(Gone) as ended:
        await world.enter(token)
    assert ended.value.code == "link_expired"


async def test_everything_that_ends_a_link_says_so(world):
    owner = world.ada.user.id
    _, token = await world.of_file()
    for disabled_at, code in ((NOW, "link_gone"), (None, None)):
        await world.catalogue.write(
            lambda connection, at=disabled_at: users.set_disabled(connection, owner, disabled_at=at)
        )
        assert await code_of(world, token) == code


async def test_an_unlocked_link_is_locked_by_another_password(world):
    link, _ = await world.of_file(password="a password")
    cookie = world.tokens().unlocked(link, until=later(500))
    assert world.tokens().opens(cookie, link, now=later(499))
    assert not world.tokens().opens(cookie, link, now=later(501))
    other, _ = await world.of_file(password="a password")
    assert not world.tokens().opens(cookie, other, now=later(499))
    changed, _ = await world.of_file(1, password="another one")
    assert not world.tokens().opens(cookie.replace(link.id, changed.id), changed, now=later(499))


async def code_of(world, token):
    try:
        await world.enter(token)
    except AishareError as error:
        return error.code
    return None
