"""What is measured, one task a file."""

from bench.dataset import Dataset
from bench.scale import Scale
from bench.tasks.base import Task
from bench.tasks.download import Download
from bench.tasks.ranges import Ranges
from bench.tasks.small_files import SmallFiles
from bench.tasks.small_json import SmallJson
from bench.tasks.upload import Upload


def all_tasks(scale: Scale, data: Dataset) -> list[Task]:
    return [Download(scale), Ranges(scale), SmallFiles(scale), Upload(scale, data), SmallJson(scale)]
