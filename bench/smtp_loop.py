"""The floor of mail out: one message over and over on a kept connection, by `smtplib` alone.

    python -m bench.smtp_loop PORT FILE NUMBER

Prints the seconds that it worked itself.
"""

from __future__ import annotations

import smtplib
import sys
import time
from pathlib import Path


def main(port: int, file: Path, number: int) -> None:
    """Send it so often."""
    content = file.read_bytes()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="petitions.example") as server:
        began = time.process_time()
        for each in range(number):
            server.sendmail("petitions@example.org", [f"signer.{each}@example.org"], content)
        print(time.process_time() - began)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
