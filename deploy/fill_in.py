"""Fill in the configuration of nginx for one machine and write it into a folder, which is then complete by itself.

    python -m deploy.fill_in --base-url https://petitions.example.org --certificate …/fullchain.pem --key …/privkey.pem \\
        --into /etc/nginx
    nginx -t -c /etc/nginx/nginx.conf

The tests and the measurements fill in the very same files, with ports and folders of their own. What an operator wrote
into `real-ip.conf` is not written over.
"""

from __future__ import annotations

import argparse
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = Path(__file__).resolve().parent / "nginx"
USUAL_PORTS = {"http": 80, "https": 443}
#: Written once; then they are the operator's.
EDITED = ("real-ip.conf",)

_MARK = re.compile(r"@([A-Z_]+)@")


@dataclass(frozen=True)
class Machine:
    """What differs from one machine to the next. `port` is where nginx listens; without one, where `base_url` says, else 443 or 80.

    Without a certificate nginx speaks plain HTTP, for whatever speaks HTTPS in front of it. `read` and `write` are where the
    two gunicorns listen (`127.0.0.1:8000`, `unix:/run/…`), `packing` where nginx compresses for its own cache. `believes` are
    networks whose machines say who the visitor is.
    """

    base_url: str
    read: str = "127.0.0.1:8000"
    write: str = "127.0.0.1:8001"
    packing: str = "127.0.0.1:8002"
    staff_host: str = ""
    believes: tuple[str, ...] = ()
    port: int = 0
    http_port: int = 80
    certificate: str = ""
    key: str = ""
    static: Path = ROOT / "static"
    cache: Path = Path("/var/cache/nginx")
    logs: Path = Path("/var/log/nginx")
    run: Path = Path("/run")
    user: str = "www-data"
    ipv6: bool = True

    def values(self, folder: Path) -> dict[str, str]:
        """What stands for each mark, where the files are in `folder`. Raises `ValueError` for an address that is none."""
        address = urlsplit(self.base_url)
        if address.scheme not in USUAL_PORTS or not address.hostname:
            raise ValueError("the base URL must be an address such as https://petitions.example.org")
        if self.certificate and address.scheme != "https":
            raise ValueError("a certificate needs a base URL that begins with https://")
        return {
            "ADDRESS": address.netloc,
            # As the browser writes it behind the name, or not at all.
            "ADDRESS_PORT": f":{address.port}" if address.port else "",
            "BELIEVES": "\n".join(f"set_real_ip_from {network};" for network in self.believes),
            "CACHE": str(self.cache),
            "CERTIFICATE": self.certificate,
            "FOLDER": str(folder),
            "HTTP_PORT": str(self.http_port),
            "KEY": self.key,
            "LISTEN": "tls" if self.certificate else "plain",
            "LOGS": str(self.logs),
            "NAMES": f"{address.hostname} {self.staff_host.partition(':')[0]}".strip(),
            "PACKING": self.packing,
            "PORT": str(self.port or address.port or USUAL_PORTS["https" if self.certificate else "http"]),
            "READ": self.read,
            "RUN": str(self.run),
            "SCHEME": address.scheme,
            "STATIC": str(self.static),
            "USER": self.user,
            "WRITE": self.write,
        }


def filled(text: str, values: dict[str, str], *, ipv6: bool = True) -> str:
    """`text` with every mark replaced. Raises `KeyError` for a mark that nobody knows."""
    lines = text.splitlines(keepends=True)
    return _MARK.sub(
        lambda mark: values[mark[1]], "".join(each for each in lines if ipv6 or "[::]" not in each)
    )


def write(machine: Machine, into: Path) -> Path:
    """Write all files into the folder `into`, make the folders that they name, and return the path of `nginx.conf`."""
    into = into.resolve()
    values = machine.values(into)
    for folder in (into / "pages", machine.cache / "acme", machine.logs, machine.run):
        folder.mkdir(parents=True, exist_ok=True)
    for template in sorted(TEMPLATES.glob("*.conf")):
        to = into / template.name
        if not (template.name in EDITED and to.exists()):
            to.write_text(filled(template.read_text(), values, ipv6=machine.ipv6))
    for page in (TEMPLATES / "pages").iterdir():
        shutil.copyfile(page, into / "pages" / page.name)
    return into / "nginx.conf"


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--into", type=Path, required=True, help="the folder to write to")
    parser.add_argument("--base-url", required=True, help="the site's public address, as in BASE_URL")
    parser.add_argument("--staff-host", default="", help="as in STAFF_HOST")
    parser.add_argument("--read", default=Machine.read, help="where the gunicorn for reading listens")
    parser.add_argument("--write", default=Machine.write, help="where the gunicorn for signing listens")
    parser.add_argument(
        "--packing",
        default=Machine.packing,
        help="a free port of this machine, where nginx compresses for its own cache",
    )
    parser.add_argument(
        "--believe",
        dest="believes",
        action="append",
        default=[],
        metavar="NETWORK",
        help="of a load balancer, whose word on the visitor's address is believed; may be given several times",
    )
    parser.add_argument(
        "--port", type=int, default=0, help="where nginx listens, if not where the base URL says"
    )
    parser.add_argument("--http-port", type=int, default=80, help="where it sends people on to HTTPS")
    parser.add_argument(
        "--certificate", default="", help="with its chain; without one nginx speaks plain HTTP"
    )
    parser.add_argument("--key", default="")
    parser.add_argument(
        "--static", type=Path, default=Machine.static, help="the folder `static` of the program"
    )
    parser.add_argument("--cache", type=Path, default=Machine.cache)
    parser.add_argument("--logs", type=Path, default=Machine.logs)
    parser.add_argument("--run", type=Path, default=Machine.run, help="where its process number is written")
    parser.add_argument("--user", default=Machine.user)
    parser.add_argument("--no-ipv6", dest="ipv6", action="store_false")
    given = vars(parser.parse_args())
    into, believes = given.pop("into"), tuple(given.pop("believes"))
    try:
        print(write(Machine(**given, believes=believes), into))
    except ValueError as wrong:
        parser.error(str(wrong))


if __name__ == "__main__":
    main()
