"""Takes the screenshots in README, and checks that they show the current page."""

import base64
import os

import pytest
from playwright.sync_api import Page, expect

from harness.backend import ROOT
from harness.browser import browser, executable
from harness.site import Site
from views import ADMIN, View, opened

TAKE = os.environ.get("GATEHOUSE_TAKE_SCREENSHOTS", "") not in ("", "0")
SIZE = {"width": 960, "height": 700}
PEOPLE = [
    ("Ada", "Lovelace"), ("Alan", "Turing"), ("Barbara", "Liskov"), ("Edsger", "Dijkstra"),
    ("Frances", "Allen"), ("Grace", "Hopper"), ("Radia", "Perlman"),
]
# The maximum mean difference between two thumbnails, on a scale of 255. Other fonts cause a
# difference of about 2, another layout one of 4 to 8.
MAXIMUM_DIFFERENCE = 3

DIFFERENCE = """async ([one, other]) => {
    const [width, height] = [48, 35];
    const pixels = async png => {
        const image = new Image();
        image.src = `data:image/png;base64,${png}`;
        await image.decode();
        const canvas = new OffscreenCanvas(width, height).getContext('2d');
        canvas.imageSmoothingQuality = 'high';
        canvas.drawImage(image, 0, 0, width, height);
        return canvas.getImageData(0, 0, width, height).data;
    };
    const [a, b] = [await pixels(one), await pixels(other)];
    return a.reduce((sum, value, index) => sum + Math.abs(value - b[index]), 0) / a.length;
}"""


def edit_one(page: Page) -> None:
    page.get_by_role("button", name="Edit Barbara Liskov").click()
    expect(page.get_by_role("button", name="Save")).to_be_visible()
    page.mouse.move(0, 0)
    # Otherwise some screenshots would contain the blinking caret.
    page.evaluate("document.activeElement.blur()")
    page.evaluate("scrollTo(0, 0)")


@pytest.mark.parametrize(("scheme", "name"), [("light", "people.png"), ("dark", "people-dark.png")])
def test_a_screenshot_in_the_readme_shows_the_current_page(
        scheme: str, name: str, site: Site) -> None:
    assert executable(), "chromium is missing: apt-get install chromium libnss3-tools"
    picture = ROOT / "docs" / name
    people = View("pictured", "/people", "Save", ADMIN, edit_one, people=PEOPLE)
    with browser(site.directory / f"pictures-{scheme}", site.authority) as window:
        looks = {"viewport": SIZE, "device_scale_factor": 1.5, "color_scheme": scheme}
        with opened(people, site, window.browser, **looks, reduced_motion="reduce") as page:
            taken = page.screenshot()
        if TAKE:
            picture.write_bytes(taken)
        blank = window.new_page()
        difference = blank.evaluate(DIFFERENCE, [
            base64.b64encode(png).decode() for png in (picture.read_bytes(), taken)])

    print(f"{name}: {len(taken)} bytes, difference from the page {difference:.2f}")
    assert picture.stat().st_size < 150_000
    assert f"docs/{name}" in (ROOT / "README.md").read_text()
    assert difference < MAXIMUM_DIFFERENCE, (
        f"docs/{name} no longer shows the page: run make screenshots")
