"""Tables that are brought in from a file, and taken out as one."""

from playwright.sync_api import Page

from bench.screenshots.sound import settle


def try_import(page: Page, table: str) -> None:
    """The dry run of a CSV for the open list."""
    page.get_by_role("link", name="Import").first.click()
    page.set_input_files(
        "input[name=import_file]", {"name": "table.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    page.locator("select[name=format]").select_option(label="csv")
    page.get_by_role("button", name="Submit").click()
    settle(page)


def confirm(page: Page, reason: str) -> None:
    """What the dry run has shown becomes true."""
    page.locator("select[name=reason]").select_option(reason)
    page.get_by_role("button", name="Confirm import").click()
    settle(page)


def export(page: Page) -> str:
    """The open list as CSV."""
    page.get_by_role("link", name="Export").first.click()
    page.locator("select[name=format]").select_option(label="csv")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Submit").click()
    return waiting.value.path().read_text()
