"""Faults of nginx's configuration, of the certificate, and of what browsers are answered."""

from pathlib import Path

from .fault import Plan, fault, mode
from .patient import ORIGIN, Patient

# nginx.

@fault("nginx-missing")
def no_nginx(patient):
    yield Plan(arguments=("--nginx", "/nonexistent/nginx"))


@fault("nginx-configuration")
def a_word_that_nginx_does_not_know(patient):
    with patient.edited(patient.settings / "listen.conf", "server_name", "sever_name"):
        yield


@fault("site-not-enabled")
def a_site_that_is_not_enabled(patient):
    main = patient.site.nginx.configuration / "nginx.conf"
    with patient.edited(main, "include gatehouse.conf;", ""):
        yield


@fault("site-name-taken")
def a_second_site_of_the_same_name(patient):
    main = patient.site.nginx.configuration / "nginx.conf"
    listen = f"listen 127.0.0.1:{patient.site.nginx.port} ssl http2;"
    other = f"server {{ {listen} server_name localhost; }}"
    with patient.edited(main, "include gatehouse.conf;", f"include gatehouse.conf;\n{other}"):
        yield


@fault("nginx-socket")
def a_socket_of_another_name(patient):
    socket = str(patient.site.backend.socket_path)
    with patient.edited(patient.settings / "socket.conf", socket, "/run/other.sock"):
        yield


@fault("nginx-origins", follows="cors-allowed")
def an_origin_that_nginx_does_not_know(patient):
    yield Plan({"GATEHOUSE_ALLOWED_ORIGINS": f"{ORIGIN},https://localhost:5174"})


@fault("nginx-origins")
def an_origin_that_the_server_does_not_know(patient):
    yield Plan({"GATEHOUSE_ALLOWED_ORIGINS": ""})


@fault("cookies-hidden")
def cookies_that_nginx_takes_out(patient):
    site = patient.site.nginx.configuration / "gatehouse" / "fastcgi.conf"
    hide = "fastcgi_hide_header X-Request-Id;"
    with patient.edited(site, hide, f"{hide}\nfastcgi_hide_header Set-Cookie;"):
        yield


# The certificate.

def _shown(patient: Patient, certificate: Path, reload: bool = True):
    listen = patient.settings / "listen.conf"
    return patient.edited(listen, str(patient.certificate), str(certificate), reload)


@fault("certificate-expired")
def a_certificate_that_has_ended(patient):
    old = patient.site.authority.sign("old", "localhost", 1, ("faketime", "3 days ago"))
    with _shown(patient, old):
        yield


@fault("certificate-expiring", "doubtful")
def a_certificate_that_ends_soon(patient):
    with _shown(patient, patient.site.authority.sign("soon", "localhost", 3)):
        yield


@fault("certificate-name")
def a_certificate_of_another_name(patient):
    with _shown(patient, patient.site.authority.sign("other", "other.example", 30)):
        yield


@fault("certificate-untrusted", "doubtful")
def a_certificate_that_nobody_knows(patient):
    yield Plan(trusts=False)


@fault("certificate-not-loaded", "doubtful")
def a_certificate_that_nginx_was_not_told_of(patient):
    renewed = patient.site.authority.sign("renewed", "localhost", 60)
    with _shown(patient, renewed, reload=False):
        yield


@fault("key-readable")
def a_key_for_everybody(patient):
    with mode(patient.key, 0o644):
        yield


# Requests.

@fault("site-unreachable", follows="certificate-not-loaded")
def an_nginx_that_does_not_run(patient):
    patient.site.nginx.stop()
    yield
    patient.site.nginx.start()


@fault("site-unreachable")
def a_site_without_a_common_version_of_tls(patient):
    tls = patient.site.nginx.configuration / "gatehouse" / "server" / "tls.conf"
    with patient.edited(tls, "ssl_protocols TLSv1.2 TLSv1.3;", "ssl_protocols TLSv1;", True):
        yield


@fault("site-answer", follows="nginx-socket")
def a_bad_gateway(patient):
    socket = str(patient.site.backend.socket_path)
    with patient.edited(patient.settings / "socket.conf", socket, "/run/other.sock", True):
        yield


@fault("login-answer")
def logins_that_do_not_get_through(patient):
    routes = patient.site.nginx.configuration / "gatehouse" / "server" / "routes.conf"
    mark = "# Every OPTIONS"
    with patient.edited(
            routes, mark, f"location = /api/auth/login {{ return 200 hello; }}\n{mark}", True):
        yield


@fault("headers-missing", follows="hsts-missing request-id-missing")
def a_location_with_a_header_of_its_own(patient):
    routes = patient.site.nginx.configuration / "gatehouse" / "server" / "routes.conf"
    include = "include gatehouse/fastcgi.conf;"
    with patient.edited(routes, include, f"add_header X-Mine yes;\n{include}", True):
        yield


@fault("hsts-missing", "doubtful")
def no_hsts(patient):
    shipped = 'default "max-age=31536000; includeSubDomains";'
    with patient.edited(patient.settings / "hsts.conf", shipped, 'default "";', True):
        yield


@fault("request-id-missing", "doubtful")
def no_request_id(patient):
    headers = patient.site.nginx.configuration / "gatehouse" / "server" / "headers.conf"
    with patient.edited(headers, "add_header X-Request-Id $request_id always;", "", True):
        yield


@fault("cookie-attributes")
def a_cookie_that_is_loose(patient):
    headers = patient.site.nginx.configuration / "gatehouse" / "server" / "headers.conf"
    mark = "# Security,"
    cookie = 'add_header Set-Cookie "mine=1; Path=/" always;'
    with patient.edited(headers, mark, f"{cookie}\n{mark}", True):
        yield


@fault("cors-allowed")
def an_origin_without_credentials(patient):
    headers = patient.site.nginx.configuration / "gatehouse" / "server" / "headers.conf"
    line = "add_header Access-Control-Allow-Credentials $gatehouse_cors_credentials always;"
    with patient.edited(headers, line, "", True):
        yield


@fault("cors-foreign")
def every_origin_is_allowed(patient):
    origins = patient.settings / "origins.conf"
    with patient.edited(origins, f'default "{ORIGIN}";', "default $http_origin;", True):
        yield


@fault("redirect-missing", "doubtful")
def plain_http_that_leads_nowhere(patient):
    with patient.edited(
            patient.settings / "redirect.conf", "return 308 https", "return 200 https", True):
        yield


@fault("origin-cross-site", follows="nginx-origins cors-allowed")
def a_page_of_another_site(patient):
    yield Plan({"GATEHOUSE_ALLOWED_ORIGINS": f"{ORIGIN},https://app.example.org"})
