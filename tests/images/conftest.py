import pytest

from aishare.images.renderer import image_pool


@pytest.fixture
async def pool():
    pool = image_pool()
    yield pool
    await pool.aclose()
