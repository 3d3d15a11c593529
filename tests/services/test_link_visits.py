"""Counting of uses, on both databases: of many at once exactly as many get through as may."""

import asyncio
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from aishare.catalogue import schema
from aishare.catalogue.people.sessions import Caller
from aishare.catalogue.sharing import link_uses
from aishare.catalogue.sharing.links import FILE, REQUEST
from aishare.core.errors import LinkRevoked, LinkUsedUp, NotAuthenticated
from aishare.core.request_context import client_address
from aishare.services.people.passwords import PasswordService
from aishare.services.sharing.link_tokens import LinkTokens
from aishare.services.sharing.link_visits import VISITOR, LinkVisitService, Portion, Visit, Visitor
from aishare.services.sharing.links import LinkLimits, LinkService, LinkWish
from tests.support.catalogue import later, make_files, make_location, make_user

SIZE = 7
WHOLE = Portion(None, 0, SIZE, SIZE)
ARCHIVE = Portion(None, 0, 0, None)
REST = Portion(None, 3, SIZE - 3, SIZE)


def marked(mark):
    return () if mark is None else (mark,)


async def nobody():
    raise NotAuthenticated("Nobody.")


class World:
    """A file of seven bytes, a link to it, and visitors."""

    def __init__(self, catalogue):
        self.catalogue = catalogue
        self.now = later(100)
        self.tokens = LinkTokens((SecretStr("a secret key of the tests, which is long enough"),))
        self.visits = LinkVisitService(catalogue=catalogue, tokens=self.tokens, clock=lambda: self.now)
        self.links = LinkService(
            catalogue=catalogue,
            tokens=self.tokens,
            passwords=PasswordService(),
            limits=LinkLimits(timedelta(days=7), None),
            clock=lambda: self.now,
        )

    async def fill(self):
        self.ada = Caller(await make_user(self.catalogue))
        (self.file,) = await make_files(self.catalogue, self.ada.user, await make_location(self.catalogue), ["set/abc"])

    async def link(self, **wish):
        return await self.links.share_file(self.ada, self.file.id, LinkWish(**wish))

    async def visit(self, link, *, address="192.0.2.1", mark=None):
        visitor = Visitor(address, nobody, marks=marked(mark))
        return await self.visits.enter(self.tokens.token(link), visitor, kinds=(FILE,))

    async def uses(self, link):
        page = await self.catalogue.read(
            lambda connection: link_uses.list_uses(connection, link.id, cursor=None, limit=100)
        )
        return page.items

    async def audit(self, action):
        table = schema.audit
        statement = select(table.c.actor_name, table.c.target_id, table.c.address).where(table.c.action == action)
        return await self.catalogue.read(lambda connection: [tuple(row) for row in connection.execute(statement)])


@pytest.fixture
async def world(catalogue):
    made = World(catalogue)
    await made.fill()
    return made


async def begin(world, link, portion=WHOLE, **visitor):
    """The use, or None if nothing is left."""
    marks = marked(visitor.get("mark"))
    visit = Visit(link, Visitor(visitor.get("address", "192.0.2.1"), nobody, marks=marks), None)
    try:
        return await world.visits.begin(visit, portion)
    except LinkUsedUp:
        return None


@pytest.mark.parametrize("left", [1, 7])
async def test_of_fifty_at_once_as_many_begin_as_may(world, left):
    link = await world.link(max_downloads=left)
    begun = await asyncio.gather(*(begin(world, link, address=f"192.0.2.{number}") for number in range(50)))
    assert len([use for use in begun if use is not None]) == left
    assert len(await world.uses(link)) == left
    assert (await world.links.get(world.ada, link.id)).downloads == left
    assert len(await world.audit("link_downloaded")) == left


async def test_of_many_rests_at_once_no_more_than_the_bound_goes_out(world):
    link = await world.link(max_downloads=1)
    use = await begin(world, link)
    rests = await asyncio.gather(*(begin(world, link, REST, mark=use.mark) for _ in range(20)))
    assert len([rest for rest in rests if rest is not None]) == 1  # 7 and 4 bytes, and not 4 more of twice 7
    assert [rest.id for rest in rests if rest is not None] == [use.id]


async def test_what_was_not_sent_may_be_sent_again(world):
    link = await world.link(max_downloads=1)
    use = await begin(world, link)
    for _ in range(30):
        await world.visits.end(use, unsent=SIZE)
        again = await begin(world, link, mark=use.mark)
        assert (again.id, again.mark) == (use.id, None)
    await world.visits.end(use, unsent=0)
    assert await begin(world, link, mark=use.mark) is None
    assert [(one.bytes, one.complete) for one in await world.uses(link)] == [(SIZE, True)]


async def test_a_rest_without_a_mark_belongs_to_its_address(world):
    link = await world.link(max_downloads=1)
    use = await begin(world, link)
    await world.visits.end(use, unsent=4)
    assert await begin(world, link, REST, address="192.0.2.99") is None
    assert await begin(world, link, WHOLE) is None
    assert (await begin(world, link, REST)).id == use.id
    await world.visits.end(use, unsent=0)
    assert await begin(world, link, REST) is None


async def test_of_many_rests_at_once_all_belong_to_the_first(world):
    """As programs fetch with many connections. Each has passed the guard before any of them counts."""
    for _ in range(5):
        link = await world.link(max_downloads=1)
        visits = [await world.visit(link) for _ in range(6)]
        parts = [Portion(None, 1 + number, 1, SIZE) for number in range(6)]
        await asyncio.gather(*(world.visits.begin(*both) for both in zip(visits, parts, strict=True)))
        assert [use.bytes for use in await world.uses(link)] == [6]


async def test_a_mark_of_a_neighbour_takes_nothing_away(world):
    link = await world.link(max_downloads=1)
    use = await begin(world, link)
    await world.visits.end(use, unsent=4)
    both = Visit(link, Visitor("192.0.2.99", nobody, marks=("a neighbour's", use.mark)), None)
    assert (await world.visits.begin(both, REST)).id == use.id
    await world.visits.end(use, unsent=4)
    assert (await begin(world, link, REST, mark="a neighbour's")).id == use.id  # by its address


async def test_of_many_who_begin_an_archive_again_one_gets_it(world):
    link = await world.link(max_downloads=1)
    use = await begin(world, link, ARCHIVE)
    await world.visits.end(use, unsent=-3)
    assert await begin(world, link, ARCHIVE) is None  # the same address is not enough
    again = await asyncio.gather(*(begin(world, link, ARCHIVE, mark=use.mark) for _ in range(20)))
    assert [one.id for one in again if one is not None] == [use.id]
    await world.visits.end(use, unsent=-SIZE, size=SIZE)
    assert await begin(world, link, ARCHIVE, mark=use.mark) is None
    assert [(one.bytes, one.complete) for one in await world.uses(link)] == [(SIZE + 3, True)]
    assert (await world.links.get(world.ada, link.id)).downloads == 1


async def test_a_finished_archive_counts_anew_as_long_as_something_is_left(world):
    link = await world.link(max_downloads=2)
    use = await begin(world, link, ARCHIVE)
    await world.visits.end(use, unsent=-SIZE, size=SIZE)
    second = await begin(world, link, ARCHIVE, mark=use.mark)
    assert second.id != use.id
    await world.visits.end(second, unsent=-SIZE, size=SIZE)
    once_more = await begin(world, link, ARCHIVE, mark=second.mark)  # nobody knows whether its end arrived
    assert once_more.id == second.id
    assert await begin(world, link, ARCHIVE, mark=second.mark) is None


async def test_a_download_is_over_after_an_hour(world):
    link = await world.link(max_downloads=1)
    use = await begin(world, link)
    await world.visits.end(use, unsent=4)
    world.now += timedelta(minutes=59)
    await world.visit(link, mark=use.mark)
    world.now += timedelta(minutes=2)
    with pytest.raises(LinkUsedUp):
        await world.visit(link, mark=use.mark)
    assert await begin(world, link, REST, mark=use.mark) is None


async def test_a_mark_is_good_for_its_own_link_only(world):
    first, second = await world.link(max_downloads=1), await world.link(max_downloads=1)
    use = await begin(world, first)
    await world.visits.end(use, unsent=SIZE)
    other = await begin(world, second, mark=use.mark)
    assert other.id != use.id
    assert [one.bytes for one in await world.uses(first)] == [0]


async def test_a_link_revoked_between_guard_and_first_byte_sends_none(world):
    link = await world.link(max_downloads=5)
    visit = await world.visit(link)
    await world.links.revoke(world.ada, [link.id])
    with pytest.raises(LinkRevoked):
        await world.visits.begin(visit, WHOLE)
    assert await world.uses(link) == []


async def test_every_act_has_its_row_in_the_audit(world):
    client_address.set("192.0.2.7")
    link = await world.link()
    client_address.set("192.0.2.1")
    use = await begin(world, link)
    await begin(world, link, REST, mark=use.mark)
    client_address.set("192.0.2.7")
    await world.links.revoke(world.ada, [link.id, link.id])
    assert await world.audit("link_created") == [("ada", link.id, "192.0.2.7")]
    assert await world.audit("link_downloaded") == [(VISITOR, link.id, "192.0.2.1")]
    assert await world.audit("link_revoked") == [("ada", link.id, "192.0.2.7")]


async def test_a_request_counts_when_the_file_is_made(world):
    link = await world.links.share_folder(world.ada, "set", REQUEST, LinkWish(max_downloads=1))
    visit = Visit(link, Visitor("192.0.2.1", nobody), None)

    def take(connection):
        return world.visits.take_upload(connection, visit, "abc", 3)

    assert (await world.catalogue.write(take))[1] == "set/abc (2)"
    with pytest.raises(LinkUsedUp):
        await world.catalogue.write(take)
    assert [(use.path, use.bytes, use.complete) for use in await world.uses(link)] == [("abc (2)", 3, True)]
    assert len(await world.audit("link_uploaded")) == 1
