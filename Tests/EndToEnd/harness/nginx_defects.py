"""Defects of nginx's configuration, of the certificate, and of the responses to browsers."""

from pathlib import Path

from .defect import Plan, defect, mode
from .installed_site import ORIGIN, InstalledSite
from .nginx import WEB

# nginx.

@defect("nginx-missing")
def no_nginx(installed):
    yield Plan(arguments=("--nginx", "/nonexistent/nginx"))


@defect("nginx-configuration")
def a_directive_that_nginx_does_not_know(installed):
    with installed.edited(installed.settings / "listen.conf", "server_name", "sever_name"):
        yield


@defect("site-not-enabled")
def a_site_that_is_not_enabled(installed):
    main = installed.site.nginx.configuration / "nginx.conf"
    with installed.edited(main, "include gatehouse.conf;", ""):
        yield


@defect("site-name-taken")
def a_second_site_of_the_same_name(installed):
    main = installed.site.nginx.configuration / "nginx.conf"
    listen = f"listen 127.0.0.1:{installed.site.nginx.port} ssl http2;"
    other = f"server {{ {listen} server_name localhost; }}"
    with installed.edited(main, "include gatehouse.conf;", f"include gatehouse.conf;\n{other}"):
        yield


@defect("nginx-socket")
def a_socket_of_another_name(installed):
    socket = str(installed.site.backend.socket_path)
    with installed.edited(installed.settings / "socket.conf", socket, "/run/other.sock"):
        yield


@defect("nginx-origins")
def an_origin_that_nginx_does_not_know(installed):
    yield Plan({"GATEHOUSE_ALLOWED_ORIGINS": f"{ORIGIN},https://localhost:5174"})


@defect("nginx-origins")
def an_origin_that_the_server_does_not_know(installed):
    yield Plan({"GATEHOUSE_ALLOWED_ORIGINS": ""})


@defect("cookies-hidden")
def cookies_that_nginx_removes(installed):
    site = installed.site.nginx.configuration / "gatehouse" / "fastcgi.conf"
    hide = "fastcgi_hide_header X-Request-Id;"
    with installed.edited(site, hide, f"{hide}\nfastcgi_hide_header Set-Cookie;"):
        yield


# The certificate.

def _shown(installed: InstalledSite, certificate: Path, reload: bool = True):
    listen = installed.settings / "listen.conf"
    return installed.edited(listen, str(installed.certificate), str(certificate), reload)


@defect("certificate-expired")
def a_certificate_that_has_expired(installed):
    old = installed.site.authority.sign("old", "localhost", 1, ("faketime", "3 days ago"))
    with _shown(installed, old):
        yield


@defect("certificate-expiring", "warning")
def a_certificate_that_expires_soon(installed):
    with _shown(installed, installed.site.authority.sign("soon", "localhost", 3)):
        yield


@defect("certificate-name")
def a_certificate_of_another_name(installed):
    with _shown(installed, installed.site.authority.sign("other", "other.example", 30)):
        yield


@defect("certificate-untrusted", "warning")
def a_certificate_of_an_unknown_authority(installed):
    yield Plan(trusts=False)


@defect("certificate-not-loaded", "warning")
def a_renewed_certificate_that_nginx_has_not_loaded(installed):
    renewed = installed.site.authority.sign("renewed", "localhost", 60)
    with _shown(installed, renewed, reload=False):
        yield


@defect("key-readable")
def a_key_readable_by_every_user(installed):
    with mode(installed.key, 0o644):
        yield


# Requests.

@defect("site-unreachable")
def an_nginx_that_does_not_run(installed):
    installed.site.nginx.stop()
    yield
    installed.site.nginx.start()


@defect("site-unreachable")
def a_site_without_a_common_version_of_tls(installed):
    tls = installed.site.nginx.configuration / "gatehouse" / "server" / "tls.conf"
    with installed.edited(tls, "ssl_protocols TLSv1.2 TLSv1.3;", "ssl_protocols TLSv1;", True):
        yield


@defect("nginx-socket")
def a_bad_gateway(installed):
    socket = str(installed.site.backend.socket_path)
    with installed.edited(installed.settings / "socket.conf", socket, "/run/other.sock", True):
        yield


@defect("login-answer")
def logins_that_do_not_reach_the_server(installed):
    routes = installed.site.nginx.configuration / "gatehouse" / "server" / "routes.conf"
    mark = "# Answer every OPTIONS"
    with installed.edited(
            routes, mark, f"location = /api/auth/login {{ return 200 hello; }}\n{mark}", True):
        yield


@defect("headers-missing")
def a_location_with_a_header_of_its_own(installed):
    routes = installed.site.nginx.configuration / "gatehouse" / "server" / "routes.conf"
    include = "include gatehouse/fastcgi.conf;"
    with installed.edited(routes, include, f"add_header X-Mine yes;\n{include}", True):
        yield


@defect("hsts-missing", "warning")
def no_hsts(installed):
    shipped = 'default "max-age=31536000; includeSubDomains";'
    with installed.edited(installed.settings / "hsts.conf", shipped, 'default "";', True):
        yield


@defect("request-id-missing", "warning")
def no_request_id(installed):
    headers = installed.site.nginx.configuration / "gatehouse" / "server" / "headers.conf"
    with installed.edited(headers, "add_header X-Request-Id $request_id always;", "", True):
        yield


@defect("cookie-attributes")
def a_cookie_without_protecting_attributes(installed):
    headers = installed.site.nginx.configuration / "gatehouse" / "server" / "headers.conf"
    mark = "# Security headers,"
    cookie = 'add_header Set-Cookie "mine=1; Path=/" always;'
    with installed.edited(headers, mark, f"{cookie}\n{mark}", True):
        yield


@defect("cors-allowed")
def an_origin_without_credentials(installed):
    headers = installed.site.nginx.configuration / "gatehouse" / "server" / "headers.conf"
    line = "add_header Access-Control-Allow-Credentials $gatehouse_cors_credentials always;"
    with installed.edited(headers, line, "", True):
        yield


@defect("cors-foreign")
def every_origin_is_allowed(installed):
    origins = installed.settings / "origins.conf"
    with installed.edited(origins, f'default "{ORIGIN}";', "default $http_origin;", True):
        yield


@defect("redirect-missing", "warning")
def plain_http_without_a_redirect(installed):
    with installed.edited(
            installed.settings / "redirect.conf", "return 308 https", "return 200 https", True):
        yield


@defect("origin-cross-site", follows="nginx-origins")
def a_page_of_another_site(installed):
    yield Plan({"GATEHOUSE_ALLOWED_ORIGINS": f"{ORIGIN},https://app.example.org"})


# How nginx tells clients apart, and how many it can serve.

@defect("client-forged")
def an_address_that_every_client_chooses(installed):
    listen = installed.settings / "listen.conf"
    forged = "set_real_ip_from 0.0.0.0/0; real_ip_header X-Forwarded-For;"
    with installed.edited(listen, "server_name", f"{forged}\nserver_name", True):
        yield


@defect("client-forged")
def a_header_that_proxies_pass_on(installed):
    main = installed.site.nginx.configuration / "nginx.conf"
    with installed.edited(
            main, "include gatehouse.conf;",
            "set_real_ip_from 192.0.2.10;\ninclude gatehouse.conf;", True):
        yield


@defect("connections-few", "warning")
def the_connections_of_debians_nginx(installed):
    main = installed.site.nginx.configuration / "nginx.conf"
    with installed.edited(main, "worker_connections 4096;", "worker_connections 768;"):
        yield


@defect("site-name-taken")
def a_site_of_the_same_name_on_all_addresses(installed):
    site = installed.site.nginx.configuration / "gatehouse.conf"
    port = installed.site.nginx.port
    pair = f"ssl_certificate {installed.certificate}; ssl_certificate_key {installed.key};"
    other = f"server {{ listen 0.0.0.0:{port} ssl; server_name localhost; {pair} }}"
    with installed.edited(site, "include gatehouse/http", f"{other}\ninclude gatehouse/http"):
        yield


# The page.

@defect("page-missing")
def no_page(installed):
    listen = installed.settings / "listen.conf"
    (installed.directory / "empty").mkdir(exist_ok=True)
    with installed.edited(
            listen, f"root {WEB};", f"root {installed.directory / 'empty'};", True):
        yield


@defect("page-missing", follows="socket-closed-to-nginx")
def a_page_that_nginx_may_not_read(installed):
    listen = installed.settings / "listen.conf"
    main = installed.site.nginx.configuration / "nginx.conf"
    folder = installed.directory / "closed"
    folder.mkdir(0o700, exist_ok=True)
    (folder / "index.html").touch()
    with installed.edited(listen, f"root {WEB};", f"root {folder};"), \
            installed.edited(main, "user root;", "user www-data;"):
        yield


@defect("page-answer")
def a_page_that_a_location_hides(installed):
    routes = installed.site.nginx.configuration / "gatehouse" / "server" / "routes.conf"
    mark = "# Answer every OPTIONS"
    with installed.edited(routes, mark, f"location = / {{ return 410; }}\n{mark}", True):
        yield


# Responses that nginx changes.

def _changed(installed: InstalledSite, file: str, old: str, new: str):
    return installed.edited(
        installed.site.nginx.configuration / "gatehouse" / file, old, new, True)


@defect("responses-cacheable")
def responses_that_expire_in_ten_years(installed):
    with _changed(installed, "server/defaults.conf", "expires off;", "expires max;"):
        yield


@defect("responses-compressed")
def compressed_tokens(installed):
    new = "gzip on; gzip_types application/json; gzip_min_length 1;"
    with _changed(installed, "server/defaults.conf", "gzip off;", new):
        yield


@defect("responses-stored")
def responses_from_a_cache(installed):
    main = installed.site.nginx.configuration / "nginx.conf"
    zone = f"fastcgi_cache_path {installed.directory}/cache keys_zone=shared:1m;"
    new = ("fastcgi_cache shared; fastcgi_cache_key $uri; fastcgi_cache_valid any 10m;"
           " fastcgi_ignore_headers Cache-Control Expires Set-Cookie Vary;")
    with installed.edited(main, "include gatehouse.conf;", f"{zone}\ninclude gatehouse.conf;"), \
            _changed(installed, "fastcgi.conf", "fastcgi_cache                off;", new):
        yield


@defect("charset-wrong", "warning")
def a_charset_that_is_written_twice(installed):
    header = "add_header X-Request-Id $request_id always;"
    with _changed(installed, "server/headers.conf", header,
                  f'{header}\nadd_header Content-Type "text/plain" always;'):
        yield


@defect("refusal-wrong")
def a_password_of_nginx(installed):
    users = installed.directory / "users"
    users.write_text("")
    with _changed(installed, "server/defaults.conf", "auth_basic off;",
                  f"auth_basic closed; auth_basic_user_file {users};"):
        yield


@defect("refusal-wrong")
def refusals_in_html(installed):
    with _changed(installed, "fastcgi.conf", "fastcgi_intercept_errors off;",
                  "fastcgi_intercept_errors on; error_page 401 /401.html;"):
        yield
