"""A gramlab world with one bot, run by gramlab's own interpreter in a network of its own.

The first line printed says where; each line read is a text that the one user sends.
"""

import fcntl
import json
import socket
import struct
import sys
import tempfile
from pathlib import Path

from gramlab.bot_api import BotAPIServer  # type: ignore[import-not-found]
from gramlab.world import World  # type: ignore[import-not-found]

SIOCSIFFLAGS = 0x8914
UP_AND_RUNNING = 0x41


def raise_loopback() -> None:
    """A new network namespace has its loopback down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", UP_AND_RUNNING))


def main() -> None:
    """Serve until the input ends."""
    raise_loopback()
    folder = Path(tempfile.mkdtemp()) / "world"
    with World.create(folder, seed=1, now=1757901600) as world:
        user = world.create_user(first_name="Siti", language_code="id")
        bot = world.create_user(first_name="Payung Desa", is_bot=True, username="payung_desa_bot")
        chat = world.open_private_chat(user_id=user["id"], bot_id=bot["id"])
        token = world.issue_bot_token(bot["id"])
        with BotAPIServer(folder) as server:
            place = {"address": server.base_url, "token": token}
            sys.stdout.write(json.dumps(place) + "\n")
            sys.stdout.flush()
            for line in sys.stdin:
                world.send_message(chat_id=chat["id"], sender_id=user["id"], text=line.strip())
                sys.stdout.write("said\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
