#!/usr/bin/python3
"""A browser around WebKitGTK for WebDriver, which writes the errors of its pages to a file.

WebKitGTK's own MiniBrowser does not report the errors of a page to the driver. The driver runs this
program with Debian's Python, which has the bindings (python3-gi). It reads these variables:

GATEHOUSE_CERTIFICATE     the only certificate that it accepts for localhost
GATEHOUSE_REPORT_ERRORS   a script that runs in each page before the page's own scripts
GATEHOUSE_ERROR_LOG       the file for the messages of that script, one JSON string a line
"""

import json
import os

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gio, Gtk, WebKit2  # noqa: E402


def new_view(context: WebKit2.WebContext) -> WebKit2.WebView:
    """Creates a view in a new window, as the driver requests it."""
    pages = WebKit2.UserContentManager()
    pages.add_script(WebKit2.UserScript.new(
        os.environ["GATEHOUSE_REPORT_ERRORS"], WebKit2.UserContentInjectedFrames.ALL_FRAMES,
        WebKit2.UserScriptInjectionTime.START, None, None))
    pages.register_script_message_handler("pageError")
    pages.connect("script-message-received::pageError", lambda _, result: record(result))
    view = WebKit2.WebView(
        web_context=context, user_content_manager=pages, is_controlled_by_automation=True)
    window = Gtk.Window(default_width=1280, default_height=900)
    window.add(view)
    view.connect("close", lambda _: window.destroy())
    window.show_all()
    return view


def record(result: WebKit2.JavascriptResult) -> None:
    with open(os.environ["GATEHOUSE_ERROR_LOG"], "a") as log:
        log.write(json.dumps(result.get_js_value().to_string()) + "\n")


def start_session(context: WebKit2.WebContext, session: WebKit2.AutomationSession) -> None:
    information = WebKit2.ApplicationInfo()
    information.set_name("MinimalBrowser")
    session.set_application_info(information)
    session.connect("create-web-view", lambda _: new_view(context))


def main() -> None:
    # An ephemeral context has its own cookies, which are never stored.
    context = WebKit2.WebContext.new_ephemeral()
    certificate = Gio.TlsCertificate.new_from_file(os.environ["GATEHOUSE_CERTIFICATE"])
    context.allow_tls_certificate_for_host(certificate, "localhost")
    context.set_automation_allowed(True)
    context.connect("automation-started", start_session)
    Gtk.main()


main()
