"""The page as PDF: printed by a Chromium where one is installed, else by WeasyPrint (extra `pdf`)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from models.errors import ExtraMissing, HeartlineError

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TIMEOUT_SECONDS = 120

_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
_BROWSER_DATE = re.compile(rb"\(D:\d{14}\+00'00'\)")
_QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-first-run",
    "--no-pdf-header-footer",
)


class PrintError(HeartlineError, OSError):
    """The browser that was to print the page did not."""


def pdf_bytes(html: str, mark: str, browser: str | None) -> bytes:
    """The page printed on A4.

    Parameters
    ----------
    html
        The weekly report's page. Its scripts are left out: the static pictures are what is printed.
    mark
        What tells this page from any other; written into the file as a comment.
    browser
        Path of a Chromium, as `find_browser` gives it; None prints with WeasyPrint.

    Returns
    -------
    bytes
        The same page and the same printer give the same bytes: the file carries no date.

    Raises
    ------
    PrintError
        The browser failed, or took longer than two minutes, or WeasyPrint failed.
    ExtraMissing
        There is no browser, and WeasyPrint is not installed.
    """
    still = _SCRIPT.sub("", html)
    printed = _by_weasyprint(still) if browser is None else _by_browser(browser, still)
    dateless = _BROWSER_DATE.sub(b"(D:20000101000000+00'00')", printed)
    body, end, tail = dateless.rpartition(b"startxref")
    return body + f"% {mark}\n".encode() + end + tail


def find_browser() -> str | None:
    """Path of the first Chromium on the search path; None where there is none."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def _by_browser(browser: str, html: str) -> bytes:
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()  # Chromium's sandbox refuses to run as root
    with tempfile.TemporaryDirectory(prefix="heartline-print-") as folder:
        page, printed = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(html, encoding="utf-8")
        profile = f"--user-data-dir={folder}/profile"
        command = [browser, *_QUIET, *as_root, profile, f"--print-to-pdf={printed}", page.as_uri()]
        try:
            subprocess.run(command, capture_output=True, timeout=TIMEOUT_SECONDS, check=True)  # noqa: S603
            return printed.read_bytes()
        except subprocess.TimeoutExpired as error:
            raise _failed(browser, f"took longer than {TIMEOUT_SECONDS} seconds") from error
        except subprocess.CalledProcessError as error:
            raise _failed(browser, f"ended with code {error.returncode}") from error
        except FileNotFoundError as error:
            raise _failed(browser, "wrote no file") from error


def _failed(browser: str, what: str) -> PrintError:
    return PrintError(
        f"{browser} was to print the page and {what}",
        next_command=f"{browser} --version, to see whether it starts at all",
        left_undone="no PDF was written; the page itself is there",
        browser=browser,
    )


def _by_weasyprint(html: str) -> bytes:
    try:
        from weasyprint import HTML
    except ImportError as error:
        raise ExtraMissing(
            f"printing needs a browser on the search path ({', '.join(BROWSERS)}) or the package weasyprint, "
            "and neither is here",
            next_command="pip install 'heartline[pdf]', then the same command again",
            left_undone="no PDF was written; the page itself is there",
        ) from error
    try:
        return bytes(HTML(string=html, url_fetcher=_nothing).write_pdf())
    except (AssertionError, IndexError, TypeError, ValueError) as error:
        raise PrintError(
            f"WeasyPrint was to print the page and failed on its layout ({type(error).__name__})",
            next_command="put a Chromium on the search path, then the same command again",
            left_undone="no PDF was written; the page itself is there",
        ) from error


def _nothing(url: str) -> dict[str, str]:
    raise ValueError(f"the page needs no other file, yet it asks for one: {url[:40]}")
