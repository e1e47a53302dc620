"""The floor: what Flask takes by itself. gunicorn loads `bench.floors:app` with the service's own `gunicorn.conf.py`."""

from __future__ import annotations

from functools import cache

from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue

app = Flask(__name__)


@cache
def _bytes(size: int) -> bytes:
    return (b"<!doctype html><title>floor</title>" + b"x" * size)[:size]


@app.get("/constant/<int:size>")
def constant(size: int) -> Response:
    """So many bytes, always the same."""
    return Response(_bytes(size), mimetype="text/html")


@app.post("/form")
def form() -> ResponseReturnValue:
    """A form is read, nothing is done with it, and the answer leads elsewhere as the service's does."""
    if len(request.form) < 1:
        return Response(status=422)
    return redirect("/constant/10", 303)


@app.get("/healthz")
def healthz() -> str:
    """It answers."""
    return "ok"
