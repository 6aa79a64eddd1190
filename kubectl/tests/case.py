"""The base of every check: an API server with a scene, and kubectl bond with nothing in PATH but what it needs."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import unittest

import scene
from api_server import ApiServer

HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.path.dirname(HERE)
PLUGIN = os.path.join(HOME, "kubectl-podbond")
KUBECTL = os.environ["KUBECTL"]


def found(*names):
    return next(filter(None, map(shutil.which, names)), None)


# Of each: the command of the shell, and the program that is awk. With busybox everything is busybox'.
TOOLS = {
    "dash and mawk": ([found("dash")], found("mawk")),
    "busybox": ([found("busybox"), "sh"], found("busybox")),
    "bash and gawk": ([found("bash"), "--posix"], found("gawk")),
    "dash and the one true awk": ([found("dash")], found("original-awk", "bwk")),
}
TOOLS = {name: tools for name, tools in TOOLS.items() if tools[1] and tools[0][0]}


# What kubectl has said of one scene it need not be asked again: most checks are of the shell and of awk.
REMEMBERING = f"""#!/bin/sh
PATH=/usr/bin:/bin
key=$MEMORY/$(printf '%s\\n' "$SCENE" "$KUBECONFIG" "$@" | cksum | tr ' ' -)
[ -e "$key.code" ] || {{
  {KUBECTL} "$@" > "$key.out" 2> "$key.err"
  echo $? > "$key.code"
}}
cat "$key.err" >&2
cat "$key.out"
exit "$(cat "$key.code")"
"""


class Result:
    def __init__(self, process):
        self.code = process.returncode
        self.out = process.stdout.decode()
        self.err = process.stderr.decode()


class BondCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp(prefix="kubectl-bond")
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        cls.server = cls.serve()
        cls.kubeconfig = cls.config("config", cls.server.url, "demo")
        cls.remembering = cls.program(os.path.join(cls.directory, "remembering"), REMEMBERING)

    def setUp(self):
        self.server.objects = scene.cluster()
        self.server.forbidden = set()
        self.server.requests.clear()

    @classmethod
    def serve(cls, **options):
        server = ApiServer(**options)
        cls.addClassCleanup(server.close)
        return server

    @classmethod
    def config(cls, name, url, namespace=None):
        context = {"cluster": "test", "user": "test", **({"namespace": namespace} if namespace else {})}
        path = os.path.join(cls.directory, name)
        with open(path, "w") as file:
            json.dump(
                {
                    "apiVersion": "v1",
                    "kind": "Config",
                    "current-context": "test",
                    "contexts": [{"name": "test", "context": context}],
                    "clusters": [{"name": "test", "cluster": {"server": url}}],
                    "users": [{"name": "test", "user": {"token": "x"}}],
                },
                file,
            )
        return path

    def path(self, tools, kubectl):
        """A directory with the only programs that the plugin finds."""
        directory = tempfile.mkdtemp(dir=self.directory)
        awk = TOOLS[tools][1]
        for name in "awk", "cat", "sleep":
            target = awk if name == "awk" or tools == "busybox" else shutil.which(name)
            os.symlink(target, os.path.join(directory, name))
        os.symlink(kubectl, os.path.join(directory, "kubectl"))
        return directory

    @staticmethod
    def command(tools, *arguments):
        """The plugin, for which time stands still."""
        return [*TOOLS[tools][0], "-c", f'date() {{ echo {scene.NOW}; }}; . "$0"', PLUGIN, *arguments]

    @staticmethod
    def program(path, text):
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, 0o755)
        return path

    def environment(self, path, **changes):
        objects = json.dumps([self.server.objects, sorted(self.server.forbidden)])
        return {
            "PATH": path,
            "HOME": self.directory,
            "KUBECONFIG": self.kubeconfig,
            "LANG": "C.UTF-8",
            "TERM": "xterm",
            "MEMORY": self.directory,
            "SCENE": hashlib.sha256(objects.encode()).hexdigest(),
            **changes,
        }

    def bond(self, *arguments, tools="dash and mawk", kubectl=None, **environment):
        process = subprocess.run(
            self.command(tools, *arguments),
            env=self.environment(self.path(tools, kubectl or self.remembering), **environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=300,
        )
        return Result(process)

    def report(self, node):
        return next(
            one for one in self.server.objects if one["kind"] == "BondNodeState" and one["metadata"]["name"] == node
        )

    def heal(self):
        """Every bond is healthy, and every agent is ready."""
        self.server.objects = [
            one for one in scene.cluster() if one["metadata"]["name"] not in ("n1", "n7", "podbond-agent-n1", "podbond-agent-n7")
        ]
