"""What a reporter needs of an API server: one node, and one BondNodeState with its version, over HTTPS."""
import http.server, json, ssl, subprocess, threading, time

# In seconds, as a reporter's WriteSchedule has them.
SHORTEST_GAP, LONGEST_GAP = 10, 60


class ApiServer:
    """Serves from the start. Whoever waits for writes is told of each, with the time when all of it had come."""

    def __init__(self, account):
        """account: where the files of the pod's service account go."""
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=api", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{account}/key",
             "-out", f"{account}/ca.crt"],
            check=True, stderr=subprocess.DEVNULL)
        with open(f"{account}/token", "w") as token:
            token.write("token\n")
        self.writes, self.written_at, self.stored, self.changed = 0, 0.0, None, threading.Condition()
        # How long the reporter waits at least after its last write.
        self.gap = SHORTEST_GAP
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{account}/ca.crt", f"{account}/key")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        server.socket = context.wrap_socket(server.socket, server_side=True)
        self.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def write(self, text):
        now = time.monotonic()
        with self.changed:
            was_quiet = self.writes == 0 or now - self.written_at >= 2 * self.gap
            self.gap = SHORTEST_GAP if was_quiet else min(2 * self.gap, LONGEST_GAP)
            self.writes += 1
            self.written_at = now
            self.stored = json.loads(text)
            self.stored["metadata"]["resourceVersion"] = str(self.writes)
            self.changed.notify_all()
            return self.stored

    def await_write(self, is_it, seconds, alive):
        """The time of the last write, once what is stored is as wanted."""
        end = time.monotonic() + seconds
        with self.changed:
            while self.stored is None or not is_it(self.stored):
                assert alive(), "the reporter has ended"
                assert time.monotonic() < end, f"not written in {seconds} s; stored is {self.stored}"
                self.changed.wait(1)
            return self.written_at

    def handler(self):
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, status, value):
                text = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def do_GET(self):
                if "/nodes/" in self.path:
                    self.answer(200, {"metadata": {"uid": "u"}})
                elif api.stored is None:
                    self.answer(404, {"kind": "Status", "reason": "NotFound"})
                else:
                    self.answer(200, api.stored)

            def do_POST(self):
                self.do_PUT(201)

            def do_PUT(self, status=200):
                self.answer(status, api.write(self.rfile.read(int(self.headers["Content-Length"]))))

            def log_message(self, *_):
                pass

        return Handler


def start_reporter(java, api, questions, probes, node, options):
    """Starts the reporter of a runtime, as the chart does."""
    return subprocess.Popen(
        [java, *options, "-m", "dev.podbond.reporter/dev.podbond.reporter.Main"],
        env={"NODE": node, "KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(api.port),
             "MALLOC_ARENA_MAX": "1", "PODBOND_QUERY_SOCKET": questions, "PODBOND_SOCKET": probes})


# As in the chart's DaemonSet.
OPTIONS = ("-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError"
           " -XX:ActiveProcessorCount=2 -Xmx16m")
