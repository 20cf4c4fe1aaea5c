"""What the gate is measured against: nginx, Apache with mod_auth_openidc, a bare pingora, and the
upstream of all of them. Each is configured for what it is asked to do here and tuned alike: one
worker a core, no access log, connections to the upstream kept."""

import os
from pathlib import Path

from .server import Server, free_address

CORES = os.cpu_count()
PAGES = {"2 KB": 2 << 10, "100 KB": 100 << 10}
PORTAL = "/servicedesk/customer/portal/1/create"
LONG_PAGE = f"{PORTAL}/9"
CONTEXT = "/jira"


def page(size):
    """Path of the page of a size."""
    return f"{PORTAL}/{PAGES[size]}"


def upstream(folder, stand_in):
    """nginx that serves the pages from files, and JSM's REST calls from the stand-in."""
    files, address = folder / "files", free_address()
    for context in "", CONTEXT:
        place = files / context.strip("/")
        (place / PORTAL.strip("/")).mkdir(parents=True)
        for size, count in PAGES.items():
            page_file = place / page(size).strip("/")
            page_file.write_text("A page of a portal in some detail.\n" * 9000)
            os.truncate(page_file, count)
        (place / LONG_PAGE.strip("/")).write_text(long_page(f"http://{address}{context}"))
    return nginx("upstream", folder, address, f"""
        root {files};
        open_file_cache max=100;
        location /rest/ {{ proxy_pass {stand_in}; }}
        location {CONTEXT}/rest/ {{ proxy_pass {stand_in}/rest/; }}""")


def long_page(site):
    """1 MB of HTML that has a link to its own site in every tenth line, as JSM's pages do."""
    text = "<li class='request'>Somebody asked for something and somebody answers soon.</li>\n"
    block = f"<li><a href='{site}/servicedesk/customer/portal/1'>A portal</a></li>\n" + 9 * text
    return f"<!doctype html>\n<ul>\n{block * ((1 << 20) // len(block))}</ul>\n"


def reverse_proxy(folder, upstream, tls):
    """nginx as a plain reverse proxy."""
    return nginx(f"nginx{suffix(tls)}", folder, free_address(), TO_UPSTREAM, tls, upstream)


def substituting_proxy(folder, upstream, context=""):
    """nginx that replaces the upstream's address in bodies."""
    address = free_address()
    location = f"""
        sub_filter http://{upstream.address}{context}/ http://{address}{context}/;
        sub_filter_once off;
        proxy_set_header Accept-Encoding "";"""
    name = f"nginx sub_filter {context.strip('/')}".strip()
    return nginx(name, folder, address, location + TO_UPSTREAM, False, upstream)


def nginx(name, folder, address, location, tls=False, upstream=None):
    config = folder / f"{name.replace(' ', '-')}.conf"
    listen = f"{address} ssl" if tls else address
    pool = f"upstream jsm {{ server {upstream.address}; keepalive 128; }}" if upstream else ""
    config.write_text(NGINX.format(
        user="user root;" if os.getuid() == 0 else "", cores=CORES, folder=folder,
        pid=config.with_suffix(".pid"), pool=pool, listen=listen, location=location,
        certificate=NGINX_CERTIFICATE.format(folder=folder) if tls else ""))
    return Server(name, ["nginx", "-c", config, "-p", folder, "-e", "stderr"], address, folder)


def apache(folder, url, upstream, issuer, secret):
    """Apache with mod_auth_openidc."""
    scheme, address = url.split("://")
    tls = scheme == "https"
    name = f"Apache{suffix(tls)}"
    modules = "mpm_event authn_core authz_core authz_user headers proxy proxy_http auth_openidc"
    modules += " socache_shmcb ssl" if tls else ""
    config = folder / f"{name.replace(' ', '-')}.conf"
    config.write_text(APACHE.format(
        folder=folder, name=config.stem, address=address, upstream=upstream.address,
        issuer=issuer, secret=secret,
        redirect_uri=apache_redirect_uri(url), passphrase=os.urandom(16).hex(),
        user="User www-data\nGroup www-data" if os.getuid() == 0 else "",
        modules="\n".join(
            f"LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so"
            for module in modules.split()),
        certificate=APACHE_CERTIFICATE.format(folder=folder) if tls else ""))
    command = ["apache2", "-f", config, "-D", "FOREGROUND"]
    return Server(name, command, address, folder)


def apache_redirect_uri(url):
    """Where the provider sends browsers back to."""
    return f"{url}/redirect_uri"


def bare(binary, folder, upstream, tls):
    """pingora that only forwards."""
    address = free_address()
    files = [folder / "certificate.pem", folder / "key.pem"] if tls else []
    command = [binary, address, upstream.address, *files]
    return Server(f"bare pingora{suffix(tls)}", command, address, folder)


def suffix(tls):
    return " TLS" if tls else ""


TO_UPSTREAM = """
        location / {
            proxy_pass http://jsm;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Host $http_host;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Request-Id $request_id;
        }"""

NGINX = """
daemon off;
{user}
worker_processes {cores};
worker_rlimit_nofile 65536;
pid {pid};
events {{ worker_connections 20000; }}
http {{
    access_log off;
    default_type text/html;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 300s;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/nginx-body;
    proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-fastcgi;
    uwsgi_temp_path {folder}/nginx-uwsgi;
    scgi_temp_path {folder}/nginx-scgi;
    {pool}
    server {{
        listen {listen};
        {certificate}
        {location}
    }}
}}
"""

NGINX_CERTIFICATE = """
        ssl_certificate {folder}/certificate.pem;
        ssl_certificate_key {folder}/key.pem;
        ssl_protocols TLSv1.2 TLSv1.3;"""

APACHE = """
ServerRoot {folder}
ServerName 127.0.0.1
Listen {address}
PidFile {folder}/{name}.pid
DefaultRuntimeDir {folder}
ErrorLog {folder}/{name}.log
LogLevel warn
{modules}
{user}
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 300
ProxyRequests Off
ProxyPass /redirect_uri !
ProxyPass / http://{upstream}/ keepalive=On
{certificate}
OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID jsm-gate
OIDCClientSecret "{secret}"
OIDCRedirectURI {redirect_uri}
OIDCCryptoPassphrase {passphrase}
OIDCPKCEMethod S256
OIDCScope "openid email"
OIDCSessionInactivityTimeout 3600
<Location />
    AuthType openid-connect
    Require valid-user
</Location>
"""

APACHE_CERTIFICATE = """
SSLEngine on
SSLCertificateFile {folder}/certificate.pem
SSLCertificateKeyFile {folder}/key.pem
SSLSessionCache none
"""
