#!/usr/bin/python3
"""A browser around WebKitGTK that a driver steers and that tells what its pages complain of.

WebKitGTK's own MiniBrowser would do, but that it says nothing of a page's errors to a driver. This
program is run by the driver, with Debian's Python, which has the bindings (python3-gi). It reads:

GATEHOUSE_CERTIFICATE   the one certificate that it takes for localhost
GATEHOUSE_WATCH         a script that runs in each page before the page's own
GATEHOUSE_COMPLAINTS    the file where what that script tells ends up, a JSON string a line
"""

import json
import os

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gio, Gtk, WebKit2  # noqa: E402


def new_view(context: WebKit2.WebContext) -> WebKit2.WebView:
    """A window of its own for a view that the driver asks for."""
    pages = WebKit2.UserContentManager()
    pages.add_script(WebKit2.UserScript.new(
        os.environ["GATEHOUSE_WATCH"], WebKit2.UserContentInjectedFrames.ALL_FRAMES,
        WebKit2.UserScriptInjectionTime.START, None, None))
    pages.register_script_message_handler("complaint")
    pages.connect("script-message-received::complaint", lambda _, told: note(told))
    view = WebKit2.WebView(
        web_context=context, user_content_manager=pages, is_controlled_by_automation=True)
    window = Gtk.Window(default_width=1280, default_height=900)
    window.add(view)
    view.connect("close", lambda _: window.destroy())
    window.show_all()
    return view


def note(told: WebKit2.JavascriptResult) -> None:
    with open(os.environ["GATEHOUSE_COMPLAINTS"], "a") as complaints:
        complaints.write(json.dumps(told.get_js_value().to_string()) + "\n")


def let_drive(context: WebKit2.WebContext, session: WebKit2.AutomationSession) -> None:
    information = WebKit2.ApplicationInfo()
    information.set_name("MinimalBrowser")
    session.set_application_info(information)
    session.connect("create-web-view", lambda _: new_view(context))


def main() -> None:
    # Ephemeral: a cookie jar of its own, which ends with it.
    context = WebKit2.WebContext.new_ephemeral()
    certificate = Gio.TlsCertificate.new_from_file(os.environ["GATEHOUSE_CERTIFICATE"])
    context.allow_tls_certificate_for_host(certificate, "localhost")
    context.set_automation_allowed(True)
    context.connect("automation-started", let_drive)
    Gtk.main()


main()
