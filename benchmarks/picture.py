"""`make picture`: docs/watchlist.svg from the program itself, and its answer in README.md.

The screen is the real one on a real feed, at the close of the sample week, where time stands.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "watchlist.svg"
README = ROOT / "README.md"
SIZE = (122, 38)
CLOSE = ["--private", "--at", "2026-03-06T16:12", "--speed", "0"]
BEGIN, END = "<!-- explain -->\n", "<!-- /explain -->"


async def paint() -> str:
    """The watchlist as an SVG."""
    from tui.cli.watch import world_of
    from tui.config import load
    from tui.config.paths import Paths
    from tui.config.shipped import shipped
    from tui.ui.app import WhymoveApp

    file = shipped("config.toml")
    app = WhymoveApp(world_of(load(file), Paths(), "sample", file, CLOSE, {}))
    async with app.run_test(size=SIZE) as pilot:
        async with asyncio.timeout(60):
            while not all(row.day for row in app.desk.state.rows.values()) or not app.desk.state.rows:
                await pilot.pause(0.1)
        await pilot.press("z", "g")
        await pilot.pause(1)
        return app.export_screenshot(title="whymove")


def answer() -> str:
    """What `whymove explain` says of Alibaba's 6 March."""
    command = [sys.executable, "-m", "tui", "explain", "9988", "--source", "sample", "--date", "2026-03-06"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return f"```\n$ whymove explain 9988 --source sample --date 2026-03-06\n{said.rstrip()}\n```\n"


def main() -> None:
    """Write both."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(
            {
                "HOME": home,
                "XDG_RUNTIME_DIR": "",
                "COLUMNS": "80",
                "TEXTUAL_ANIMATIONS": "none",
                "COLORTERM": "truecolor",
            }
        )
        PICTURE.write_text(asyncio.run(paint()), encoding="utf-8")
        text = README.read_text(encoding="utf-8")
        before, rest = text.split(BEGIN)
        after = rest.split(END)[1]
        README.write_text(f"{before}{BEGIN}{answer()}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
