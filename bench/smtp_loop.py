"""The floor of mail out: one message over and over on a kept connection, by `smtplib` alone.

    python -m bench.smtp_loop PORT FILE NUMBER

Prints the seconds that it worked itself.
"""

from __future__ import annotations

import smtplib
import subprocess
import sys
import time
from pathlib import Path

from bench.reckoning import Round
from bench.sink import Sink

ROOT = Path(__file__).resolve().parents[1]


def main(port: int, file: Path, number: int) -> None:
    """Send it so often."""
    content = file.read_bytes()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="petitions.example") as server:
        began = time.process_time()
        for each in range(number):
            server.sendmail("petitions@example.org", [f"signer.{each}@example.org"], content)
        print(time.process_time() - began)


def bare(sink: Sink, file: Path, number: int) -> Round:
    """So many messages like the one in the file, by a loop in a process of its own."""
    sink.forget()
    done = subprocess.run(
        [sys.executable, "-m", "bench.smtp_loop", str(sink.port), str(file), str(number)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return Round(0, 1.0, errors=(f"the loop failed: {done.stderr[-300:]}",))
    return Round(sink.count.total(), sink.last - sink.first, 0.0, 0.0, float(done.stdout))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
