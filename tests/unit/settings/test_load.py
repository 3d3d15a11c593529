import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aishare.core.errors import InvalidSettings
from aishare.settings.catalog import CATALOGUE, SPECS, Settings
from aishare.settings.load import load_settings
from aishare.settings.spec import plain_text
from tests.support.faultproxy import make_certificate

GOOD_KEY = "q8Zr2LwYx0Vn5TbKs7HdPm3JcFg9AeUi4oXy1RtB6vM"
NO_ENVIRONMENT: dict[str, str] = {}


def load(folder, text=None, *, environ=NO_ENVIRONMENT, overrides=NO_ENVIRONMENT, **more):
    if text is not None:
        (folder / ".env").write_bytes(text.encode() if isinstance(text, str) else text)
    return load_settings(base_dir=folder, environ=environ, overrides=overrides, **more)


def problems_of(folder, text=None, **more):
    with pytest.raises(InvalidSettings) as caught:
        load(folder, text, **more)
    return [str(problem) for problem in caught.value.problems]


def test_nothing_set_gives_the_defaults(tmp_path):
    loaded = load(tmp_path)
    assert loaded.settings == Settings.model_validate({}, context={"base_dir": tmp_path})
    assert {origin.kind for origin in loaded.origins.values()} == {"default"}
    assert set(loaded.origins) == {spec.name for spec in CATALOGUE}
    assert loaded.files == ()
    assert loaded.warnings == ()


def test_later_layers_win_over_earlier_ones(tmp_path):
    (tmp_path / ".env").write_text("APP_ENV=prod\nPORT=1\nHOST=a\nDATA_DIR=d1\nLOG_LEVEL=debug\nDEMO_MODE=on\n")
    (tmp_path / ".env.prod").write_text("\nPORT=2\nHOST=b\nDATA_DIR=d2\nLOG_LEVEL=error\n")
    (tmp_path / ".env.local").write_text("PORT=3\nHOST=c\nDATA_DIR=d3\n")
    loaded = load(tmp_path, environ={"PORT": "4", "HOST": "d"}, overrides={"PORT": "5"})
    settings, origins = loaded.settings, loaded.origins
    assert (settings.port, settings.host, settings.data_dir.name) == (5, "d", "d3")
    assert (settings.log_level, settings.demo_mode) == ("error", True)
    names = ("PORT", "HOST", "DATA_DIR", "LOG_LEVEL", "DEMO_MODE")
    assert [str(origins[name]) for name in names] == [
        "command line", "process environment", "`.env.local` line 3", "`.env.prod` line 5", "`.env` line 6",
    ]  # fmt: skip
    assert [path.name for path in loaded.files] == [".env", ".env.prod", ".env.local"]


def test_other_defaults_give_way_to_any_layer(tmp_path):
    defaults = {"LOCAL_STORAGE_PATH": "/given", "IMAGE_STORAGE_PATH": "/given/images"}
    (tmp_path / ".env").write_text("LOCAL_STORAGE_PATH=set\nIMAGE_STORAGE_PATH=\n")
    loaded = load(tmp_path, defaults=defaults)
    assert loaded.settings.local_storage_path == tmp_path / "set"
    assert str(loaded.settings.image_storage_path) == "/given/images"
    (tmp_path / ".env").unlink()
    loaded = load(tmp_path, defaults=defaults)
    assert str(loaded.settings.local_storage_path) == "/given"
    assert loaded.origins["LOCAL_STORAGE_PATH"].kind == "default"


@pytest.mark.parametrize("where", [".env", ".env.local", "environ", "overrides"])
def test_app_env_chooses_its_file_wherever_it_is_set(tmp_path, where):
    (tmp_path / ".env.blue").write_text("PORT=77\n")
    more = {where: {"APP_ENV": "blue"}} if not where.startswith(".") else {}
    if where.startswith("."):
        (tmp_path / where).write_text("APP_ENV=blue\n")
    assert load(tmp_path, **more).settings.port == 77


def test_app_env_can_not_leave_the_folder(tmp_path):
    assert any("APP_ENV" in problem for problem in problems_of(tmp_path, "APP_ENV=../x\n"))


def test_the_file_chosen_by_app_env_can_not_change_it(tmp_path):
    (tmp_path / ".env.blue").write_text("APP_ENV=green\n")
    (problem,) = problems_of(tmp_path, environ={"APP_ENV": "blue"})
    assert problem.startswith("`.env.blue` line 1: APP_ENV")


def test_an_empty_value_means_the_default_even_in_a_later_layer(tmp_path):
    loaded = load(tmp_path, "PORT=99\nSUPPORTED_IMAGE_TYPES=\nHOST='  '\n", environ={"PORT": ""})
    assert loaded.settings == load(tmp_path, "").settings
    assert loaded.origins["PORT"].kind == "environment"


def test_paths_are_relative_to_the_folder_of_the_env_file(tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.mkdir()
    (other / "my.env").write_text(
        f"DATA_DIR=../d\nLOCAL_STORAGE_PATH={tmp_path}/abs\nDATABASE_URL=sqlite:///x/y.db?z=1\n"
    )
    (other / "my.env.local").write_text("PORT=12\n")
    loaded = load_settings(base_dir=tmp_path, env_file=other / "my.env", environ={})
    settings = loaded.settings
    assert loaded.base_dir == other
    assert settings.data_dir == other / "../d"
    assert settings.local_storage_path == tmp_path / "abs"
    assert settings.image_storage_path == other / "storage/images"
    assert settings.effective_database_url.get_secret_value() == f"sqlite:///{other}/x/y.db?z=1"
    assert settings.port == 12
    monkeypatch.chdir(tmp_path)
    assert load_settings(environ={}).settings.data_dir == tmp_path / "data"
    assert load_settings(env_file=other / "my.env", environ={}).base_dir == other


def test_an_env_file_named_on_purpose_must_exist(tmp_path):
    (problem,) = problems_of(tmp_path, env_file="missing.env")
    assert problem.startswith("`missing.env`: there is no such file")


# --- the two configurations that people copy --------------------------------------------------------------------------

MINIO = """STORAGE_TYPE=s3_compatible
S3_COMPATIBLE_ENDPOINT=http://localhost:9000
S3_COMPATIBLE_ACCESS_KEY=minioadmin
S3_COMPATIBLE_SECRET_KEY=minioadmin
S3_COMPATIBLE_BUCKET_NAME=aishare-data
"""


def test_the_minio_configuration_works_as_written(tmp_path):
    settings = load(tmp_path, MINIO).settings
    assert settings.s3_compatible_endpoint_url == "http://localhost:9000"
    assert settings.s3_compatible_effective_region == "us-east-1"
    assert settings.s3_compatible_use_ssl is True
    assert settings.s3_compatible_secret_key.get_secret_value() == "minioadmin"


def test_the_backblaze_configuration_works_as_written(tmp_path):
    text = MINIO.replace("http://localhost:9000", "https://s3.us-west-002.backblazeb2.com")
    settings = load(tmp_path, text.replace("=minioadmin", "=0021234567890ab")).settings
    assert settings.s3_compatible_endpoint_url == "https://s3.us-west-002.backblazeb2.com"
    assert settings.s3_compatible_effective_region == "us-west-002"
    assert (
        load(tmp_path, text, environ={"S3_COMPATIBLE_REGION": "eu-1"}).settings.s3_compatible_effective_region == "eu-1"
    )


@pytest.mark.parametrize(
    ("endpoint", "use_ssl", "url"),
    [
        ("http://a:9000", "true", "http://a:9000"),
        ("https://a", "false", "https://a"),
        ("a:9000", "true", "https://a:9000"),
        ("localhost:9000/", "false", "http://localhost:9000"),
        ("10.0.0.1", "false", "http://10.0.0.1"),
        ("[::1]:9000", "false", "http://[::1]:9000"),
        ("https://a/storage/v1/s3/", "true", "https://a/storage/v1/s3"),
    ],
)
def test_a_scheme_in_the_endpoint_decides(tmp_path, endpoint, use_ssl, url):
    environ = {"S3_COMPATIBLE_ENDPOINT": endpoint, "S3_COMPATIBLE_USE_SSL": use_ssl}
    assert load(tmp_path, environ=environ).settings.s3_compatible_endpoint_url == url


@pytest.mark.parametrize(
    ("endpoint", "region"),
    [
        ("s3.eu-central-003.backblazeb2.com:443", "eu-central-003"),
        ("https://S3.US-WEST-002.Backblazeb2.com", "us-west-002"),
        ("https://s3.eu-central-1.amazonaws.com", "eu-central-1"),
        ("https://s3.us-west-002.backblazeb2.com.evil.example", "us-east-1"),
        ("https://backblazeb2.com", "us-east-1"),
    ],
)
def test_the_region_is_taken_from_a_known_host_name_only(tmp_path, endpoint, region):
    environ = {"S3_COMPATIBLE_ENDPOINT": endpoint}
    assert load(tmp_path, environ=environ).settings.s3_compatible_effective_region == region


# --- values -----------------------------------------------------------------------------------------------------------

BAD_VALUES = {
    "PORT": ["abc", "1.5", "70000", "-1", "1e3", "9" * 5000],
    "MAX_IMAGE_SIZE_MB": ["0", "many", "-3"],
    "DEMO_MODE": ["maybe", "2"],
    "STORAGE_TYPE": ["gcs", "s3 compatible"],
    "S3_COMPATIBLE_ENDPOINT": ["ftp://a", "http://", "http://a:port", "http://a:99999", "http://k:s@a", "a?x=1", "a b",
                               "http://a:", "http://[::1", "file:///etc"],
    "PUBLIC_URL": ["files.example.com", "/x", "https://a/?b", "https://u:p@a", "ws://a", "https://a/b", "https://a/b/"],
    "S3_PUBLIC_ENDPOINT": ["localhost:9000"],
    "S3_BUCKET_NAME": ["a", "bucket/x", "-abc", "b" * 64],
    "AWS_DEFAULT_REGION": ["eu central", "../x"],
    "S3_KEY_PREFIX": ["a/../b", "ä", "x" * 130, ".hidden"],
    "TRUSTED_PROXIES": ["*", "10.0.0.0/40", "proxy.example.com"],
    "SUPPORTED_IMAGE_TYPES": [",", "image/png"],
    "HOST": ["a b", "http://a", "1.2.3.4:80"],
    "DATABASE_URL": ["mysql://a/b", "sqlite://", "nonsense"],
    "LOG_LEVEL": ["loud"],
    "DATA_DIR": ["a\x00b"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD_VALUES.items() for value in values])
def test_a_bad_value_is_refused_with_the_name_of_its_variable(tmp_path, name, value):
    (problem,) = problems_of(tmp_path, environ={name: value})
    assert problem.startswith(f"process environment: {name}: ")


def test_good_values_are_normalised(tmp_path):
    environ = {
        "STORAGE_TYPE": " LOCAL ", "S3_KEY_PREFIX": "/team//data/", "TRUSTED_PROXIES": "10.1.2.3/8, ::1 ,127.0.0.1",
        "SUPPORTED_IMAGE_TYPES": "JPG, .png,jpg", "PUBLIC_URL": "https://files.example.com/", "DEMO_MODE": "Yes",
        "MAX_UPLOAD_SIZE_MB": "10",
    }  # fmt: skip
    settings = load(tmp_path, environ=environ).settings
    assert settings.storage_type == "local"
    assert settings.s3_key_prefix == "team/data/"
    assert settings.trusted_proxies == ("10.0.0.0/8", "::1", "127.0.0.1")
    assert settings.supported_image_types == ("jpg", "png")
    assert settings.public_url == "https://files.example.com"
    assert settings.demo_mode is True
    assert settings.max_upload_size_bytes == 10 * 1024 * 1024
    assert load(tmp_path).settings.max_upload_size_bytes is None


@pytest.mark.parametrize(("host", "loopback"), [
    ("127.0.0.1", True), ("::1", True), ("localhost", True), ("127.9.9.9", True),
    ("0.0.0.0", False), ("::", False), ("files.example.com", False), ("192.168.1.4", False),
])  # fmt: skip
def test_listening_on_loopback_is_recognised(tmp_path, host, loopback):
    assert load(tmp_path, environ={"HOST": host}).settings.listens_on_loopback is loopback


def test_values_are_taken_as_they_are_written(tmp_path):
    text = "export AWS_SECRET_ACCESS_KEY='x${HOME}$y#\"z' # comment\nAWS_ACCESS_KEY_ID=a#b # c\n"
    settings = load(tmp_path, text, environ={"HOME": "/root"}).settings
    assert settings.aws_secret_access_key.get_secret_value() == 'x${HOME}$y#"z'
    assert settings.aws_access_key_id.get_secret_value() == "a#b"


_PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_characters="\x7f", exclude_categories=("Cs", "Zs", "Zl", "Zp", "Cc")), min_size=1, max_size=40)  # fmt: skip  # noqa: E501


@given(secret=_PRINTABLE, newline=st.sampled_from(["\n", "\r\n"]), bom=st.booleans(), blank=st.integers(0, 3))
@example(secret="a'b\\c\"d${e}#f", newline="\r\n", bom=True, blank=2)
def test_a_quoted_secret_is_read_back_exactly(tmp_path_factory, secret, newline, bom, blank):
    folder = tmp_path_factory.mktemp("s")
    quoted = secret.replace("\\", "\\\\").replace("'", "\\'")
    lines = [*[""] * blank, "# comment", f"AWS_SECRET_ACCESS_KEY='{quoted}'", "AWS_ACCESS_KEY_ID=AKIAABCDEFGH"]
    loaded = load(folder, (b"\xef\xbb\xbf" if bom else b"") + newline.join(lines).encode())
    assert loaded.settings.aws_secret_access_key.get_secret_value() == secret
    assert loaded.origins["AWS_SECRET_ACCESS_KEY"].line == blank + 2
    assert loaded.origins["AWS_ACCESS_KEY_ID"].line == blank + 3


_LAYERS = [".env", ".env.local", "environment", "override"]


@given(st.dictionaries(st.sampled_from(_LAYERS), st.dictionaries(
    st.sampled_from(["PORT", "SESSION_MAX_DAYS", "LOGIN_MAX_FAILURES"]), st.integers(8, 365))))  # fmt: skip
def test_every_value_comes_from_the_last_layer_that_sets_it(tmp_path_factory, layers):
    folder = tmp_path_factory.mktemp("l")
    for file in (".env", ".env.local"):
        (folder / file).write_text("".join(f"{name}={value}\n" for name, value in layers.get(file, {}).items()))
    texts = {layer: {name: str(value) for name, value in layers.get(layer, {}).items()} for layer in _LAYERS}
    loaded = load(folder, environ=texts["environment"], overrides=texts["override"])
    for name in ("PORT", "SESSION_MAX_DAYS", "LOGIN_MAX_FAILURES"):
        setting = [layer for layer in _LAYERS if name in layers.get(layer, {})]
        expected = str(layers[setting[-1]][name]) if setting else SPECS[name].default
        assert str(getattr(loaded.settings, name.lower())) == expected
        kind = setting[-1] if setting else "default"
        assert loaded.origins[name].kind == ("file" if kind.startswith(".") else kind)


@given(st.binary(max_size=300))
def test_any_bytes_in_the_file_end_in_settings_or_in_named_problems(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("b")
    problems = None
    try:
        load(folder, data)
    except InvalidSettings as error:
        problems = [str(problem) for problem in error.problems]
    assert problems is None or all(problem.startswith("`.env`") for problem in problems)
    assert problems != []


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_that_is_no_text_is_told_with_the_line(tmp_path):
    (problem,) = problems_of(tmp_path, b"PORT=1\nHOST=\xff\xfe\n")
    assert problem == "`.env`: line 2 is not UTF-8 text; save the file as UTF-8"


def test_a_folder_in_place_of_the_file_is_a_problem(tmp_path):
    (tmp_path / ".env").mkdir()
    assert problems_of(tmp_path) == ["`.env`: is not a file"]


def test_a_file_that_loops_is_a_problem_and_the_others_are_still_read(tmp_path):
    (tmp_path / ".env").symlink_to(".env")
    (tmp_path / ".env.local").write_text("PORT=x\n")
    problems = problems_of(tmp_path)
    assert problems[0].startswith("`.env`: cannot be read")
    assert problems[1].startswith("`.env.local` line 1: PORT")


def test_a_file_that_fails_on_reading_is_a_problem(tmp_path):
    (tmp_path / ".env").symlink_to("/proc/self/mem")  # opens, then fails, even for root
    assert problems_of(tmp_path) == ["`.env`: cannot be read: Input/output error"]


def test_a_huge_file_is_refused_without_reading_it_all(tmp_path):
    with (tmp_path / ".env").open("wb") as file:
        file.truncate(1 << 40)
    assert problems_of(tmp_path) == ["`.env`: is too large for a settings file"]


def test_ten_thousand_broken_lines_are_told_in_reasonable_time(tmp_path):
    lines = ["PORT='unclosed", "just words here", "=x", 'AWS_SECRET_ACCESS_KEY="a" b'] * 2500
    started = time.process_time()
    problems = problems_of(tmp_path, "\n".join(lines))
    assert time.process_time() - started < 10
    assert len(problems) >= 2500
    assert all(problem.startswith("`.env` line ") for problem in problems)


def test_line_numbers_are_right_after_comments_blank_lines_and_long_values(tmp_path):
    text = "# one\n\n\n'FOO'='two\nlines'\n\n\tPORT=x\nMAX_IMAGE_SIZE_MB = 'y'\n"
    problems = problems_of(tmp_path, text)
    assert sorted(problem.split(":")[0] for problem in problems) == ["`.env` line 7", "`.env` line 8"]


# --- problems ---------------------------------------------------------------------------------------------------------


def test_all_problems_come_at_once_and_no_secret_with_them(tmp_path):
    (tmp_path / "empty").write_text("\n")
    text = (
        "PORT=abc\nSTORAGE_TYPE=s3\nbad line\nSECRET_KEY=changeme-cAn4ry\nMAX_IMAGE_SIZE_MB=cAn4rycAn4rycAn4rycAn4\n"
        ""
        "AWS_ACCESS_KEY_ID=cAn4ry\nS3_COMPATIBLE_ENDPOINT=http://cAn4ry:cAn4ry@host\nS3_COMPATIBLE_ACCESS_KEY_FILE=nowhere\n"
        "S3_COMPATIBLE_SECRET_KEY=cAn4ry\nS3_COMPATIBLE_SECRET_KEY_FILE=empty\nDATABASE_URL=mysql://u:cAn4ry@h/d\n"
        "cAn4ry\nAWS_SESSION_TOKEN_FILE=empty\nIMAGE_THUMBNAIL_SIZE=cAn4ry\ncAn4ry==\n"
    )
    problems = problems_of(tmp_path, text, environ={"HOST": "a b"}, overrides={"LOG_LEVEL": "loud", "NO_SUCH": "x"})
    together = "\n".join(problems)
    starts = [
        "`.env` line 1: PORT: must be a whole number, not 'abc'",
        "`.env` line 2: STORAGE_TYPE: s3 needs S3_BUCKET_NAME",
        "`.env` line 2: STORAGE_TYPE: s3 needs AWS_DEFAULT_REGION", "`.env` line 3:", "`.env` line 4: SECRET_KEY",
        "`.env` line 5: MAX_IMAGE_SIZE_MB", "`.env` line 6: AWS_ACCESS_KEY_ID", "`.env` line 7: S3_COMPATIBLE_ENDPOINT",
        "`.env` line 8: S3_COMPATIBLE_ACCESS_KEY_FILE: there is no such",
        "`.env` line 10: S3_COMPATIBLE_SECRET_KEY",
        "`.env` line 11: DATABASE_URL", "`.env` line 12:", "`.env` line 13: AWS_SESSION_TOKEN_FILE: the file is empty",
        "`.env` line 14: IMAGE_THUMBNAIL_SIZE", "process environment: HOST",
        "command line: LOG_LEVEL: must be 'debug', 'info', 'warning' or 'error', not 'loud'",
        "command line: NO_SUCH",
    ]  # fmt: skip
    missing = [start for start in starts if not any(problem.startswith(start) for problem in problems)]
    assert not missing, together
    assert "cAn4ry" not in together


def test_a_secret_in_the_wrong_line_is_not_repeated(tmp_path):
    text = "PORT=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\nPUBLIC_URL=https://wJalr\u2100@h\nLOG_LEVEL=wJalrXUtnFEMI/K7MDENG/bPxRfi\n"
    problems = problems_of(tmp_path, text)
    assert len(problems) == 3
    assert "wJalr" not in "".join(problems)


AWS = "STORAGE_TYPE=s3\nS3_BUCKET_NAME=bucket\nAWS_DEFAULT_REGION=eu-1"

CONTRADICTIONS = [
    ("STORAGE_TYPE=s3_compatible", ["S3_COMPATIBLE_ENDPOINT", "S3_COMPATIBLE_BUCKET_NAME", "S3_COMPATIBLE_ACCESS_KEY",
                                    "S3_COMPATIBLE_SECRET_KEY"]),
    ("STORAGE_TYPE=s3\nAWS_DEFAULT_REGION=eu-1", ["S3_BUCKET_NAME"]),
    ("STORAGE_TYPE=s3\nS3_BUCKET_NAME=bucket", ["AWS_DEFAULT_REGION"]),
    (f"{AWS}\nAWS_ACCESS_KEY_ID=x", ["AWS_SECRET_ACCESS_KEY"]),
    (f"{AWS}\nAWS_SECRET_ACCESS_KEY=x", ["AWS_ACCESS_KEY_ID"]),
    (f"{AWS}\nAWS_SESSION_TOKEN=x", ["AWS_ACCESS_KEY_ID"]),
    ("SECRET_KEY=changeme", ["SECRET_KEY"]),
    ("SECRET_KEY=please-changeme-0123456789abcdefghijk", ["SECRET_KEY"]),
    (f"SECRET_KEY={GOOD_KEY[:31]}", ["SECRET_KEY"]),
    (f"SECRET_KEY={'ab' * 20}", ["SECRET_KEY"]),
    ("IMAGE_STORAGE_PATH=./storage/objects/images", ["IMAGE_STORAGE_PATH"]),
    ("LOCAL_STORAGE_PATH=x\nDATA_DIR=x/objects", ["DATA_DIR"]),
    ("S3_CA_BUNDLE=none.pem", ["S3_CA_BUNDLE"]),
    ("SESSION_MAX_DAYS=1\nSESSION_IDLE_HOURS=25", ["SESSION_MAX_DAYS"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "named"), CONTRADICTIONS)
def test_each_contradiction_is_named(tmp_path, text, named):
    problems = problems_of(tmp_path, text)
    assert len(problems) == len(named)
    for name in named:
        assert any(name in problem for problem in problems)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no certificate\n",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        b"\x30\x82\x01\x0a",
        None,
    ],
)
def test_a_file_that_holds_no_certificate_is_named(tmp_path, content):
    """Nothing, other text, half a certificate, a key, another form, a folder."""
    if content is None:
        (tmp_path / "bundle.pem").mkdir()
    else:
        (tmp_path / "bundle.pem").write_bytes(content)
    (problem,) = problems_of(tmp_path, "S3_CA_BUNDLE=bundle.pem")
    assert problem.startswith("`.env` line 1: S3_CA_BUNDLE: ")
    assert "bundle.pem" in problem


def test_another_certificate_under_the_same_name_is_another_setting(tmp_path):
    bundle = tmp_path / "bundle.pem"
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    one, two = make_certificate(tmp_path / "one"), make_certificate(tmp_path / "two")
    bundle.write_bytes(one.certificate.read_bytes())
    before, again = [load(tmp_path, "S3_CA_BUNDLE=bundle.pem").settings for _ in range(2)]
    bundle.write_bytes(two.certificate.read_bytes())
    after = load(tmp_path, "S3_CA_BUNDLE=bundle.pem").settings
    assert before == again != after
    assert plain_text(before.s3_ca_bundle) == plain_text(after.s3_ca_bundle) == str(bundle)


@pytest.mark.parametrize(("text", "name"), [
    ("AWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY"), ("AWS_SECRET_ACCESS_KEY=x", "AWS_ACCESS_KEY_ID"),
    ("AWS_SESSION_TOKEN=x", "AWS_ACCESS_KEY_ID"), ("S3_COMPATIBLE_ACCESS_KEY=x", "S3_COMPATIBLE_SECRET_KEY"),
    (f"{AWS}\nS3_COMPATIBLE_SECRET_KEY=x", "S3_COMPATIBLE_ACCESS_KEY"),
    (f"{MINIO}\nAWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY"),
])  # fmt: skip
def test_half_a_key_pair_that_nothing_uses_is_a_warning(tmp_path, text, name):
    (warning,) = load(tmp_path, text).warnings
    assert name in warning


@pytest.mark.parametrize("text", [
    "STORAGE_TYPE=s3\nS3_BUCKET_NAME=bucket\nAWS_DEFAULT_REGION=eu-1", f"SECRET_KEY={GOOD_KEY}",
    "SESSION_MAX_DAYS=1\nSESSION_IDLE_HOURS=24", "LOCAL_STORAGE_PATH=d\nDATA_DIR=d", MINIO,
])  # fmt: skip
def test_what_belongs_together_is_accepted(tmp_path, text):
    load(tmp_path, text)


def test_a_bad_value_is_not_also_called_missing(tmp_path):
    text = MINIO.replace("aishare-data", "no/bucket").replace("ACCESS_KEY=", "ACCESS_KEY_FILE=")
    problems = problems_of(tmp_path, text)
    assert len(problems) == 2, problems


# --- NAME_FILE --------------------------------------------------------------------------------------------------------


def test_a_secret_can_be_read_from_a_file(tmp_path):
    (tmp_path / "key").write_bytes(b"\xef\xbb\xbf " + GOOD_KEY.encode() + b"\r\n")
    loaded = load(tmp_path, "\nSECRET_KEY_FILE=key\n")
    assert loaded.settings.secret_key.get_secret_value() == GOOD_KEY
    origin = loaded.origins["SECRET_KEY"]
    assert (origin.kind, origin.line, origin.secret_file) == ("file", 2, tmp_path / "key")


def test_a_secret_file_and_a_value_override_each_other_by_layer(tmp_path):
    (tmp_path / "token").write_text("from-file")
    keys = "AWS_ACCESS_KEY_ID=x\nAWS_SECRET_ACCESS_KEY=y\n"
    loaded = load(tmp_path, keys + "AWS_SESSION_TOKEN=direct\n", environ={"AWS_SESSION_TOKEN_FILE": "token"})
    assert loaded.settings.aws_session_token.get_secret_value() == "from-file"
    loaded = load(tmp_path, keys + "AWS_SESSION_TOKEN_FILE=gone\n", environ={"AWS_SESSION_TOKEN": "direct"})
    assert loaded.settings.aws_session_token.get_secret_value() == "direct"


@pytest.mark.parametrize("in_file", [True, False])
def test_a_secret_and_its_file_in_one_layer_are_a_problem(tmp_path, in_file):
    both = {"AWS_SESSION_TOKEN": "a", "AWS_SESSION_TOKEN_FILE": "b"}
    text = "".join(f"{name}={value}\n" for name, value in both.items()) if in_file else ""
    problems = problems_of(tmp_path, text, environ={} if in_file else both)
    assert any("AWS_SESSION_TOKEN: is set together with AWS_SESSION_TOKEN_FILE" in problem for problem in problems)


def test_only_secrets_have_a_file_form(tmp_path):
    (warning,) = load(tmp_path, "PORT_FILE=x\n").warnings
    assert "PORT_FILE: not an aishare setting" in warning
    secret_names = [spec.name for spec in CATALOGUE if spec.secret]
    problems = problems_of(tmp_path, "".join(f"{name}_FILE=nowhere\n" for name in secret_names))
    assert len(problems) == len(secret_names)


# --- warnings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("line", "meant"), [
    ("STORAGE_TPYE=s3", "STORAGE_TYPE"), ("storage_type=s3", "STORAGE_TYPE"), ("STORAGE_BACKEND=s3", "STORAGE_TYPE"),
    ("S3_COMPATIBLE_ENDPOINTS=x", "S3_COMPATIBLE_ENDPOINT"), ("S3_ENDPOINT=x", "S3_COMPATIBLE_ENDPOINT"),
    ("SECRET_KEY_FIEL=x", "SECRET_KEY_FILE"),
])  # fmt: skip
def test_an_unknown_variable_is_a_warning_with_a_guess(tmp_path, line, meant):
    (warning,) = load(tmp_path, f"\n{line}\n").warnings
    assert warning.startswith("`.env` line 2: ")
    assert warning.endswith(f"did you mean {meant}?")


def test_variables_of_other_programs_are_only_warned_about(tmp_path):
    loaded = load(
        tmp_path, "POSTGRES_PASSWORD=cAn4ry\nPORT=5\ncAn4ry=x\n", environ={"PATH": "/bin", "STORAGE_TPYE": "x"}
    )
    assert loaded.settings.port == 5
    assert len(loaded.warnings) == 2
    assert "POSTGRES_PASSWORD" in loaded.warnings[0]
    assert "cAn4ry" not in "".join(loaded.warnings)


def test_a_variable_set_twice_in_a_file_counts_last_and_is_warned_about(tmp_path):
    loaded = load(tmp_path, "PORT=1\nPORT=2\n")
    assert loaded.settings.port == 2
    assert loaded.warnings == ("`.env` line 2: PORT: is set twice, first in line 1; this value is used",)
