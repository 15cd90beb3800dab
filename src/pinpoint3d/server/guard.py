"""What every request must pass before anything reads it: host, origin, token, rate and size."""

import asyncio
import hmac
import time
from collections import OrderedDict
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pinpoint3d.server.problems import RefusedError
from pinpoint3d.server.settings import LOOPBACK, ServerSettings

COOKIE = "pinpoint3d_token"
_BURST = 10  # seconds of the rate that may come at once
_ADDRESSES = 10_000  # remembered for the rate
_OPEN = ("/api/health",)  # answered without a token, so that a container's health can be told
_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; "
        "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """ASGI middleware; what it refuses is answered with a `Problem`, or closes the WebSocket."""

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self._app = app
        self._settings = settings
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        try:
            entered = self._check(scope)
        except RefusedError as refused:
            await _refuse(refused, scope, receive, send)
            return
        if entered:
            scene = parse_qs(scope["query_string"].decode("latin-1")).get("scene", [""])[0]
            response = RedirectResponse(f"/?scene={quote(scene, safe='')}" if scene else "/", status_code=303)
            secure = scope["scheme"] == "https"
            response.set_cookie(COOKIE, self._settings.token or "", httponly=True, samesite="strict", secure=secure)
            await response(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return

        taken, begun = 0, False

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._settings.body_bytes:
                raise _too_large()
            return message

        async def hardened(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, limited, hardened)
        except asyncio.CancelledError:
            # Only a server that ends cancels a request, one that took longer than it waits; uvicorn would say 500.
            if begun:
                raise
            ended = RefusedError("unavailable", "the server is ending; your work is kept", retry_after_s=1.0)
            await _refuse(ended, scope, receive, send)

    def _check(self, scope: Scope) -> bool:
        """Raises RefusedError; True where the address carries the token, as the first visit of a browser does."""
        headers, settings = Headers(scope=scope), self._settings
        host = headers.get("host", "")
        name = urlsplit(f"//{host}").hostname if host else None
        # Without a token any page could reach a server on this machine by a name of its own that leads to 127.0.0.1.
        if settings.loopback and settings.token is None and name not in LOOPBACK:
            raise RefusedError("forbidden", "the server is asked by a name that is not its own; use localhost")
        origin = headers.get("origin")
        if origin is not None and origin not in settings.origins and urlsplit(origin).netloc != host:
            raise RefusedError("forbidden", "pages of other sites may not use this server")
        entered = self._check_token(scope, headers)
        self._check_rate(scope)
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length[:20]) > settings.body_bytes:
            raise _too_large()
        return entered

    def _check_token(self, scope: Scope, headers: Headers) -> bool:
        token = self._settings.token
        if token is None or scope["path"] in _OPEN:
            return False
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if given and _same(given, token):
            return bool(scope["type"] == "http" and scope["path"] == "/")
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            cookie = None
        if not (scheme.lower() == "bearer" and _same(bearer, token)) and not (cookie and _same(cookie.value, token)):
            raise RefusedError(
                "unauthorised", "a token is needed: open the address that the server printed when it started"
            )
        return False

    def _check_rate(self, scope: Scope) -> None:
        """A bucket of tokens an address, refilled steadily."""
        address = (scope.get("client") or ("",))[0]
        rate, now = self._settings.rate, time.monotonic()
        tokens, then = self._buckets.pop(address, (rate * _BURST, now))
        tokens = min(rate * _BURST, tokens + (now - then) * rate)
        self._buckets[address] = max(0.0, tokens - 1), now
        if len(self._buckets) > _ADDRESSES:
            self._buckets.popitem(last=False)
        if tokens < 1:
            raise RefusedError("rate", "too many requests; wait a moment", retry_after_s=(1 - tokens) / rate)


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())


def _too_large() -> RefusedError:
    return RefusedError("bad_request", "the request is larger than this server takes", status=413)


async def _refuse(refused: RefusedError, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": refused.problem.code})
        return
    await answer(refused)(scope, receive, send)


def answer(refused: RefusedError) -> JSONResponse:
    """The response that tells a refusal."""
    retry = refused.problem.retry_after_s
    headers = {"retry-after": str(max(1, round(retry)))} if retry is not None else {}
    return JSONResponse(refused.problem.model_dump(exclude_none=True), refused.status, {**headers, **_HEADERS})
