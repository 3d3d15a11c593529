from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aishare.settings import docs
from aishare.settings.catalog import CATALOGUE, SPECS, Settings
from aishare.settings.load import load_settings
from aishare.settings.masking import MASK, is_mask, masked
from aishare.settings.secrets import secret_values

PROJECT = Path(__file__).parents[3]

FROM_THE_CONTRACT = {
    "STORAGE_TYPE": "local", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_DEFAULT_REGION": "",
    "S3_BUCKET_NAME": "", "S3_COMPATIBLE_ENDPOINT": "", "S3_COMPATIBLE_ACCESS_KEY": "", "S3_COMPATIBLE_SECRET_KEY": "",
    "S3_COMPATIBLE_BUCKET_NAME": "", "S3_COMPATIBLE_REGION": "", "S3_COMPATIBLE_USE_SSL": "true",
    "S3_COMPATIBLE_ADDRESSING_STYLE": "auto", "MAX_IMAGE_SIZE_MB": "25",
    "SUPPORTED_IMAGE_TYPES": "jpg,jpeg,png,gif,bmp,tiff,webp,svg", "IMAGE_STORAGE_PATH": "./storage/images",
    "ENABLE_IMAGE_PROCESSING": "true", "IMAGE_THUMBNAIL_SIZE": "300", "LOCAL_STORAGE_PATH": "./storage",
    "DATA_DIR": "./data", "DATABASE_URL": "", "SECRET_KEY": "", "PUBLIC_URL": "", "S3_PUBLIC_ENDPOINT": "",
    "DOWNLOAD_MODE": "proxy", "DEMO_MODE": "false", "APP_ENV": "", "HOST": "127.0.0.1", "PORT": "8000",
    "SHUTDOWN_TIMEOUT_SECONDS": "30", "S3_SIGN_PAYLOAD": "false", "METRICS_ENABLED": "true", "S3_KEY_PREFIX": "",
}  # fmt: skip


@pytest.mark.parametrize("name", FROM_THE_CONTRACT)
def test_the_names_and_defaults_people_know_are_kept(name):
    assert SPECS[name].default == FROM_THE_CONTRACT[name]


def test_every_variable_is_described():
    for spec in CATALOGUE:
        assert spec.help.endswith(".")
        assert spec.applies in ("live", "restart")
        assert "SecretStr" not in spec.type_text
        assert spec.secret or not any(word in spec.name for word in ("SECRET", "PASSWORD", "TOKEN"))
    categories = list(dict.fromkeys(spec.category for spec in CATALOGUE))
    assert categories == ["storage", "AWS S3", "S3-compatible", "images", "security", "server"]


def test_the_defaults_of_the_catalogue_are_what_loading_gives(tmp_path):
    written = {spec.name: spec.default for spec in CATALOGUE}
    assert (
        load_settings(base_dir=tmp_path, environ=written).settings
        == load_settings(base_dir=tmp_path, environ={}).settings
    )


def test_settings_can_not_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        Settings().port = 1


def test_the_documentation_is_up_to_date():
    hint = "run: python -m aishare.settings.docs"
    assert (PROJECT / "docs/settings.md").read_text(encoding="utf-8") == docs.render(), hint
    assert (PROJECT / ".env.example").read_text(encoding="utf-8") == docs.render_env_example(), hint
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert docs.START not in readme or docs.render_readme_table() in readme, hint


def test_every_variable_stands_in_the_documentation_and_the_table_is_well_formed():
    for text in (docs.render(), docs.render_readme_table()):
        widths = {line.count("|") for line in text.splitlines() if line.startswith("| `")}
        assert widths in ({6}, {4})
    for spec in CATALOGUE:
        assert f"| `{spec.name}` |" in docs.render()
        assert f"#{spec.name}=" in docs.render_env_example()


def test_a_copy_of_the_example_changes_nothing(tmp_path):
    text = docs.render_env_example()
    (tmp_path / ".env").write_text(text)
    plain = load_settings(base_dir=tmp_path, environ={})
    assert plain.warnings == ()
    (tmp_path / ".env").write_text(text.replace("\n#", "\n").replace("\n ---", "\n# ---"))
    uncommented = load_settings(base_dir=tmp_path, environ={})
    assert uncommented.settings == plain.settings
    assert uncommented.warnings == ()
    assert all(origin.kind == "file" for origin in uncommented.origins.values())


SECRETS = [spec for spec in CATALOGUE if spec.secret]


def test_values_are_shown_as_written_and_secrets_as_a_mask():
    settings = Settings(aws_access_key_id="AKIAIOSFODNN7EXAMP7Q", aws_secret_access_key="x" * 40, data_dir="d")
    assert masked(SPECS["AWS_ACCESS_KEY_ID"], settings.aws_access_key_id) == "AK…7Q"
    assert masked(SPECS["AWS_SECRET_ACCESS_KEY"], settings.aws_secret_access_key) == MASK
    assert masked(SPECS["S3_COMPATIBLE_ACCESS_KEY"], "minioadmin") == MASK
    assert masked(SPECS["SECRET_KEY"], None) == ""
    assert masked(SPECS["PORT"], 8000) == "8000"
    assert masked(SPECS["DEMO_MODE"], value=False) == "false"
    assert masked(SPECS["SUPPORTED_IMAGE_TYPES"], ("a", "b")) == "a,b"
    assert masked(SPECS["DATA_DIR"], Path("/x/y")) == "/x/y"


@given(st.sampled_from(SECRETS), st.text(min_size=1), st.text(min_size=1))
def test_a_mask_tells_no_length_and_no_more_than_four_letters(spec, one, other):
    shown = masked(spec, one)
    assert shown == MASK or (spec.mask == "id" and len(shown) == 5 and len(one) >= 12)
    if len(one) < 12 and len(other) < 12:
        assert shown == masked(spec, other)


def test_a_mask_that_comes_back_is_recognised():
    access, secret = SPECS["AWS_ACCESS_KEY_ID"], SPECS["AWS_SECRET_ACCESS_KEY"]
    assert is_mask(access, "AK…7Q", current="AKIAIOSFODNN7EXAMP7Q")
    assert not is_mask(access, "AK…7Q", current="AKIAIOSFODNN7EXAMPZZ")
    assert is_mask(secret, MASK, current="whatever")
    assert not is_mask(secret, "", current=None)
    assert not is_mask(SPECS["PUBLIC_URL"], MASK, current=None)


def test_every_secret_is_told_to_the_log_and_none_shows_in_a_repr():
    values = {spec.field: f"canary-{spec.name}" for spec in SECRETS if spec.name != "DATABASE_URL"}
    settings = Settings(**values, database_url="postgresql://me:p%40ss-canary@db/x")
    known = secret_values(settings)
    assert set(values.values()) | {"p@ss-canary", "p%40ss-canary"} <= set(known)
    shown = repr(settings) + str(settings) + settings.model_dump_json() + repr(settings.effective_database_url)
    assert "canary" not in shown
    assert secret_values(Settings()) == ()
    assert "a@b/[c" in secret_values(Settings(database_url="postgresql://me:a@b/[c@db/x"))
