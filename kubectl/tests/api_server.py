"""An API server that answers kubectl's reads from a list of objects, with selectors, and refuses what it is told to."""

import http.server
import json
import threading
import urllib.parse

# Of each group: its resources with their kinds, and whether they have namespaces.
RESOURCES = {
    "v1": {"pods": ("Pod", True), "events": ("Event", True), "namespaces": ("Namespace", False)},
    "podbond.dev/v1alpha1": {"bondnodestates": ("BondNodeState", False), "bondnetworks": ("BondNetwork", True)},
    "resource.k8s.io/v1": {"resourceclaims": ("ResourceClaim", True), "resourceslices": ("ResourceSlice", False)},
    "k8s.cni.cncf.io/v1": {"network-attachment-definitions": ("NetworkAttachmentDefinition", True)},
}


class ApiServer:
    """Serves `objects`, a list that tests change at any time. `forbidden` names resources."""

    def __init__(self, without=()):
        self.objects = []
        self.forbidden = set()
        self.requests = []
        self.resources = {group: kinds for group, kinds in RESOURCES.items() if group not in without}
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                code, body = outer.answer(self.path)
                data = json.dumps(body).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, target):
        path, _, query = target.partition("?")
        parts = path.strip("/").split("/")
        if path == "/api":
            return 200, {"kind": "APIVersions", "versions": ["v1"]}
        if path == "/apis":
            groups = [group.split("/") for group in self.resources if "/" in group]
            versions = [{"groupVersion": f"{name}/{version}", "version": version} for name, version in groups]
            return 200, {
                "kind": "APIGroupList",
                "apiVersion": "v1",
                "groups": [
                    {"name": name, "versions": [one], "preferredVersion": one}
                    for (name, _), one in zip(groups, versions)
                ],
            }
        group = parts[1] if parts[0] == "api" else "/".join(parts[1:3])
        rest = parts[2:] if parts[0] == "api" else parts[3:]
        if group not in self.resources:
            return self.status(404, "NotFound", "the server could not find the requested resource")
        if not rest:
            return 200, {
                "kind": "APIResourceList",
                "apiVersion": "v1",
                "groupVersion": group,
                "resources": [
                    {"name": name, "singularName": "", "kind": kind, "namespaced": spaced, "verbs": ["get", "list"]}
                    for name, (kind, spaced) in self.resources[group].items()
                ],
            }
        namespace = None
        if rest[0] == "namespaces" and len(rest) > 2:
            namespace, rest = rest[1], rest[2:]
        return self.read(group, namespace, rest[0], rest[1:], urllib.parse.parse_qs(query))

    def read(self, group, namespace, resource, name, query):
        self.requests.append(resource + ("/" + name[0] if name else ""))
        if resource in self.forbidden:
            return self.status(403, "Forbidden", f"{resource} is forbidden: User \"somebody\" cannot list it")
        kind, _ = self.resources[group][resource]
        found = [
            one
            for one in self.objects
            if one["kind"] == kind and namespace in (None, one["metadata"].get("namespace"))
        ]
        if name:
            for one in found:
                if one["metadata"]["name"] == name[0]:
                    return 200, one
            return self.status(404, "NotFound", f'{resource} "{name[0]}" not found')
        found = [
            one
            for one in found
            if matches(one["metadata"].get("labels", {}), query.get("labelSelector"), lambda labels, key: labels.get(key))
            and matches(one, query.get("fieldSelector"), field)
        ]
        return 200, {"kind": kind + "List", "apiVersion": group, "metadata": {}, "items": found}

    @staticmethod
    def status(code, reason, message):
        return code, {
            "kind": "Status",
            "apiVersion": "v1",
            "status": "Failure",
            "reason": reason,
            "message": message,
            "code": code,
        }


def field(one, path):
    for part in path.split("."):
        one = one.get(part, {})
    return one


def matches(one, selector, value):
    return all(
        value(one, key) == wanted
        for term in (selector[0].split(",") if selector else [])
        for key, wanted in [term.split("=")]
    )
