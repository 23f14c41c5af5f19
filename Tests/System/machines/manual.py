"""What the manual tells a reader to type."""

import re

from .image import REPOSITORY


def manual_commands(heading: str) -> list[str]:
    """The commands under a heading of the manual, a block each.

    The tests are root on a machine without sudo.
    """
    manual = (REPOSITORY / "docs/manual.md").read_text()
    (section,) = re.findall(rf"(?ms)^#+ {re.escape(heading)}$(.*?)(?:^#|\Z)", manual)
    blocks = re.findall(r"(?ms)^```sh$(.*?)^```$", section)
    assert blocks, heading
    # "NAME=value command" means the same after sudo and without it.
    return [block.replace("sudo ", "") for block in blocks]
