"""The page's socket: takes frames and actions from one tab and answers each; a bad one never harms the session."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import anyio
from starlette.websockets import WebSocket, WebSocketDisconnect

from coach.broken_packages import cannot_be_loaded
from coach.errors import CoachError
from coach.i18n.error_messages import translated
from coach.i18n.web_messages import page_words
from coach.web import peer
from coach.web.protocol import FrameMessage, MessageError, decode_jpeg, parse_frame, parse_text
from coach.web.session_manager import SessionManager
from coach.web.token_bucket import TokenBucket

FRAMES_A_SECOND = 40.0
TEXTS_A_SECOND = 30.0
MOST_REFUSED = 200  # from one tab before it is closed; the session waits for the next
MOST_WAITING = 4  # tabs waiting to take over
WAIT_S = 600.0
TAKEN_OVER, TOO_MANY = 4001, 4002
SHUT = 1012  # the code uvicorn itself sends when stopped

log = logging.getLogger(__name__)


class Tabs:
    """The tab in control, and those waiting for control."""

    def __init__(self, manager: SessionManager) -> None:
        self.manager = manager
        self.holder: Tab | None = None
        self.waiting = 0
        self.left_s = time.monotonic()

    async def serve(self, socket: WebSocket) -> None:
        """Serve one tab until it disconnects."""
        await socket.accept()
        tab = Tab(socket, self)
        try:
            if self.holder is None or await self._asks_to_take_over(tab):
                await self._hold(tab)
        except (WebSocketDisconnect, RuntimeError):  # it disconnected while being answered
            return

    async def _asks_to_take_over(self, tab: Tab) -> bool:
        """A second tab is told that one is in control, and may take over."""
        if self.waiting >= MOST_WAITING:
            await tab.socket.close(TOO_MANY)
            return False
        self.waiting += 1
        language = self.manager.settings.language
        try:
            await tab.send({"type": "busy", "language": language, "words": page_words(language)})
            with anyio.fail_after(WAIT_S):
                for _ in range(MOST_REFUSED):
                    message = await tab.socket.receive()
                    if message["type"] == "websocket.disconnect":
                        return False
                    with suppress(MessageError):
                        if parse_text(message.get("text") or "")["type"] == "take_over":
                            return True
            await tab.socket.close(TOO_MANY)
            return False
        except TimeoutError:
            await tab.socket.close(TAKEN_OVER)
            return False
        finally:
            self.waiting -= 1

    async def _hold(self, tab: Tab) -> None:
        previous, self.holder = self.holder, tab
        try:
            if previous is not None:
                await previous.leave(TAKEN_OVER)
            # Queued, so that a picture from the other tab still being judged comes first.
            away_s = 0.0 if previous is not None else time.monotonic() - self.left_s
            with suppress(MessageError):
                await self.manager.ask(lambda run: run.times.rebase(away_s))
            await tab.talk()
        finally:
            self.left_s = time.monotonic()
            if self.holder is tab:
                self.holder = None

    async def close(self) -> None:
        """The program is ending."""
        if self.holder is not None:
            await self.holder.leave(SHUT)


class Tab:
    """One tab in control."""

    def __init__(self, socket: WebSocket, tabs: Tabs) -> None:
        self.socket = socket
        self._manager = tabs.manager
        self._tabs = tabs
        self._frames, self._texts = TokenBucket(FRAMES_A_SECOND), TokenBucket(TEXTS_A_SECOND)
        self._frame_task: asyncio.Task[None] | None = None
        self._refused = 0

    async def send(self, message: dict[str, Any]) -> None:
        """Send one message as JSON. If the tab has gone, the next ``receive`` says so."""
        await peer.send(self.socket, message)

    async def leave(self, code: int) -> None:
        """Close this tab's socket: another took over, or the program is ending."""
        await peer.close(self.socket, code)

    async def talk(self) -> None:
        """Answer messages until the tab disconnects."""
        settings = self._manager.settings
        await self.send(
            {
                "type": "hello",
                "language": settings.language,
                "words": page_words(settings.language),
                "actions": {
                    key.removeprefix("action_"): text
                    for key, text in settings.programme.speak(settings.language).table.items()
                    if key.startswith("action_")
                },
                "choices": self._manager.offer.choices,
                "sides": sorted({block.side for block in settings.programme.blocks}),
                "person": settings.person,
                "programme": settings.programme.name,
                "running": self._manager.in_session,
                "phone": settings.phone,
            }
        )
        try:
            while self._refused < MOST_REFUSED:
                message = await self.socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                data, text = message.get("bytes"), message.get("text")
                if data is not None:
                    await self._take_frame(data)
                elif text is not None:
                    await self._guarded(self._take_text, text)
            await self.socket.close(TOO_MANY)
        finally:
            if self._frame_task is not None:
                self._frame_task.cancel()

    async def _take_frame(self, data: bytes) -> None:
        """One frame at a time: sending the next before the last was answered is refused, and nothing is queued."""
        number = None
        try:
            frame = parse_frame(data)
            number = frame.number
            if not self._frames.take():
                raise MessageError("too_fast")
            if self._frame_task is not None and not self._frame_task.done():
                raise MessageError("one_at_a_time")
        except MessageError as error:
            await self._refuse(error, number)
            return
        self._frame_task = asyncio.create_task(self._guarded(self._judge, frame))

    async def _judge(self, frame: FrameMessage) -> None:
        # Decoded in the session's thread too: one picture after the other, and the socket stays responsive.
        await self._show(
            await self._manager.ask(lambda run: run.frame(decode_jpeg(frame.jpeg), frame.captured_ms, frame.number))
        )

    async def _take_text(self, text: str) -> None:
        if not self._texts.take():
            raise MessageError("too_fast")
        message = parse_text(text)
        if message["type"] == "start":
            await self._show(
                await self._manager.start(message.get("exercise"), message.get("side"), message.get("person"))
            )
        elif message["type"] == "take_over":
            return  # it is in control already
        elif message["type"] == "tick":
            await self._show(await self._manager.ask(lambda run: run.tick(message["at_ms"])))
        else:
            await self._show(
                await self._manager.ask(
                    lambda run: run.act(message["name"], message.get("choice", message.get("score")))
                )
            )

    async def _show(self, answer: dict[str, Any]) -> None:
        """Answer, unless another tab has taken over in the meantime."""
        if self._tabs.holder is self:
            await self.send(answer)

    async def _guarded(self, work: Callable[[Any], Any], value: object) -> None:
        """Do it; errors are reported and the session continues."""
        try:
            await work(value)
        except MessageError as error:
            await self._refuse(error, value.number if isinstance(value, FrameMessage) else None)
        except CoachError as error:
            await self._tell(error)
        except Exception as error:
            broken = cannot_be_loaded(error)
            if broken is not None:
                await self._tell(broken)
                return
            log.exception("a message could not be answered")
            await self.send({"type": "error", "problem": "", "remedy": ""})

    async def _tell(self, error: CoachError) -> None:
        problem, remedy = (translated(text, self._manager.settings.language) for text in (error.problem, error.remedy))
        await self.send({"type": "error", "problem": problem, "remedy": remedy})

    async def _refuse(self, error: MessageError, number: int | None = None) -> None:
        self._refused += 1
        await self.send({"type": "refused", "reason": error.reason, "number": number})
