"""The writer of settings files: what it changes, and that everything else stays byte for byte."""

import random
from datetime import UTC, datetime
from io import StringIO

import pytest
from dotenv.parser import parse_stream

from aishare.core.errors import InvalidSettings
from aishare.settings.backups import Backups
from aishare.settings.durable_file import replace_file, version_of
from aishare.settings.envdiff import line_diff, masked_text
from aishare.settings.envfile import changed_bytes
from aishare.settings.masking import MASK

CASES = [
    # before, changes, after
    ("A=1\nLOG_LEVEL=info\n", {"LOG_LEVEL": "debug"}, "A=1\nLOG_LEVEL=debug\n"),
    ("export LOG_LEVEL = info  # why\r\nB=2\r\n", {"LOG_LEVEL": "debug"}, "export LOG_LEVEL = debug  # why\r\nB=2\r\n"),
    ('LOG_LEVEL="info" # why', {"LOG_LEVEL": "debug"}, 'LOG_LEVEL="debug" # why'),
    ("LOG_LEVEL='info'", {"LOG_LEVEL": "debug"}, "LOG_LEVEL='debug'"),
    ("\ufeffLOG_LEVEL=info", {"LOG_LEVEL": "debug"}, "\ufeffLOG_LEVEL=debug"),
    ("\ufeff# only\r\n", {"PORT": "1"}, "\ufeff# only\r\nPORT=1\r\n"),
    ("A=1", {"PORT": "1"}, "A=1\nPORT=1\n"),
    ("", {"PORT": "1"}, "PORT=1\n"),
    ("PORT=1\nPORT=2\n", {"PORT": "3"}, "PORT=1\nPORT=3\n"),
    ("# a\n\n  PORT=1 # b\n\n# c\nPORT=2\nX=1\n", {"PORT": None}, "# a\n\n\n# c\nX=1\n"),
    ("PORT=\nX=1\n", {"PORT": "3"}, "PORT=3\nX=1\n"),
    ("PORT= # later\nX=1\n", {"PORT": "3"}, "PORT=3 # later\nX=1\n"),
    ("PORT\nX=1\n", {"PORT": "3"}, "PORT=3\nX=1\n"),
    ("'PORT'='1'\n", {"PORT": "3"}, "'PORT'='3'\n"),
    ("K='a\nb'\nPORT=1\n", {"PORT": "3"}, "K='a\nb'\nPORT=3\n"),
    ("PORT=1   \n", {"PORT": "1"}, "PORT=1   \n"),
    ("SECRET_KEY_FILE=x\nA=1\n", {"SECRET_KEY": "k"}, "A=1\nSECRET_KEY=k\n"),
    ("SECRET_KEY_FILE=x\nA=1\n", {"SECRET_KEY": None}, "A=1\n"),
    ("garbage line here\nPORT=1\n", {"PORT": "2"}, "garbage line here\nPORT=2\n"),
    ("S3_BUCKET_NAME=a#b\n", {"S3_BUCKET_NAME": "c d"}, "S3_BUCKET_NAME='c d'\n"),
]


@pytest.mark.parametrize(("before", "changes", "after"), CASES)
def test_only_the_value_changes(before, changes, after):
    assert changed_bytes(before.encode(), changes) == after.encode()


VALUES = [
    "plain", "with space", "x${A}y", "$HOME", "a#b", "a #b", "#a", "it's", 'say "x"', "both ' and \"", "back\\slash",
    "end\\", "end\\'", "'quoted'", '"q"', "a=b", "=", "ümlaut…", "\\n", "{\"j\": [1, '2']}", "`cmd`", "!x", "%d", "a,b",
    "~", "'", '"', "\\", "\\\\", "' #", '" #', "export A=1",
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "line", ["", "export SECRET_KEY=old # note\n", "SECRET_KEY='old'\n", 'SECRET_KEY="old" # "q"\n']
)
def test_awkward_values_come_back_and_their_neighbours_stay(value, line):
    before = f"# it's\nA='1'\n{line}B=\"2\" # don't\nC='3'\n"
    after = changed_bytes(before.encode(), {"SECRET_KEY": value}).decode()
    said = {one.key: one.value for one in parse_stream(StringIO(after, newline="")) if one.key}
    assert said == {"A": "1", "B": "2", "C": "3", "SECRET_KEY": value}
    assert "# it's\nA='1'\n" in after
    assert "B=\"2\" # don't\nC='3'\n" in after
    if "# note" in line:
        assert "export SECRET_KEY=" in after
        assert " # note" in after


def test_a_value_never_runs_into_a_broken_line():
    before = b"PORT=1\nB='never closed\n"
    assert changed_bytes(before, {"PORT": "2"}) == b"PORT=2\nB='never closed\n"
    with pytest.raises(InvalidSettings):
        changed_bytes(b"A='open\n", {"SECRET_KEY": "x' y"} | {"SECRET_KEY": "it's"})


def generated_file(seed: int) -> bytes:
    """Anything people and editors leave in a settings file."""
    chance = random.Random(seed)
    newline = chance.choice(["\n", "\r\n"])
    known = [
        "# a comment, it's long", "", "   ", "UNKNOWN_ONE=some # thing", "export LOG_LEVEL=debug",
        'LOG_LEVEL="info"   # quoted', "LOG_LEVEL = 'warning'", f"SESSION_MAX_DAYS={chance.randrange(1, 90)}",
        f"KEY_OF_OTHERS='first{newline}second ${{x}}'", f'PEM="-----A{newline}-----B" # pem',
        "S3_COMPATIBLE_SECRET_KEY='s p#a\\'ce'", "  export\tSESSION_MAX_DAYS=7", "\u00fcml=\u00e4",
    ]  # fmt: skip
    lines = [chance.choice(known) for _ in range(chance.randrange(1, 25))]
    text = newline.join(lines) + chance.choice(["", newline, newline * 2])
    return (chance.choice(["", "\ufeff"]) + text).encode()


@pytest.mark.parametrize("seed", range(0, 100, 10))
def test_a_hundred_rollbacks_are_byte_identical(tmp_path, seed):
    backups, path = Backups(tmp_path), tmp_path / ".env"
    for number in range(seed, seed + 10):
        original = generated_file(number)
        path.write_bytes(original)
        changed = changed_bytes(original, {"LOG_LEVEL": "error", "SESSION_MAX_DAYS": None, "SECRET_KEY": "it's # $new"})
        assert changed != original
        backup = backups.save(".env", original, at=datetime(2030, 1, 1, 0, 0, 0, number, tzinfo=UTC), keep=200)
        replace_file(path, changed)
        replace_file(path, backups.read(backup) or b"")
        assert path.read_bytes() == original
        # and the lines that nobody asked for are in the changed file as they were
        kept = [line for line in original.splitlines(keepends=True) if b"UNKNOWN" in line or b"PEM" in line]
        assert all(line.rstrip(b"\r\n") in changed for line in kept)


def test_backups_are_private_and_the_oldest_go(tmp_path):
    backups = Backups(tmp_path)
    for number in range(7):
        name = backups.save(".env.local", b"A=%d" % number, at=datetime(2030, 1, 1, 0, 0, number, tzinfo=UTC), keep=5)
        assert (backups.folder / name).stat().st_mode & 0o777 == 0o600
    found = backups.newest()
    assert [backups.read(one.id) for one in found] == [b"A=%d" % number for number in (6, 5, 4, 3, 2)]
    assert {one.file for one in found} == {".env.local"}
    assert found[0].version == version_of(b"A=6")
    (backups.folder / found[0].id).write_bytes(b"A=7")  # rot is not restored
    assert backups.read(found[0].id) is None
    assert backups.read("../.env") is None


CANARY = "cAn4ry"


def test_a_diff_shows_no_secret_wherever_it_stands():
    before = (
        f"# S3_COMPATIBLE_SECRET_KEY={CANARY}1\nSECRET_KEY='{CANARY}2' # was {CANARY}3\nOUR_PASSWORD={CANARY}4\n"
        f"# remember {CANARY}2\nLOG_LEVEL=info\nX='a\n{CANARY}5'\n"
        f"DATABASE_URL=postgresql://u:{CANARY}6@h/d\nSECRET_KEY_FILE=/run/x\nbroken {CANARY}7\n"
    )
    lines = line_diff(before.encode(), before.replace("2", "8").replace("info", "debug").encode())
    shown = "\n".join(line.text for line in lines)
    assert CANARY not in shown
    assert MASK in shown
    assert {line.text for line in lines if line.kind == "removed" and "LOG" in line.text} == {"LOG_LEVEL=info"}
    assert "SECRET_KEY_FILE=/run/x" in shown
    assert masked_text(before, []).count("\n") == before.count("\n")
