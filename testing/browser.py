"""Has chromium load pages of maps, and asks it what it shows.

Usage: browser.py SCRATCH PAGE[=COUNT,RED]...   SCRATCH is a directory for the browser's profile; COUNT says how many
pods (podbond map) or bonds (kubectl bond map) a page shows, RED how many boxes are red.
"""

import fcntl
import json
import os
import subprocess
import sys
import threading

# What a map is made of, in either form. Anything else has come out of a name.
ELEMENTS = {
    "podbond map": set("html head meta title style body form label input output noscript main script svg g text rect path line circle".split()),
    "kubectl bond map": set("html head meta title style body h1 h2 b p section svg g text rect path".split()),
}
ATTRIBUTES = set(
    "lang xmlns charset http-equiv content name id hidden role type autocomplete aria-live aria-label aria-labelledby class "
    "width height viewBox font-size transform x y x1 x2 y1 y2 rx cx cy r d data-floor data-whole data-health data-height style".split()
)

# Colours as the browser has computed them, texts as it measures them.
LOOK = """(() => {
  const all = Array.from(document.getElementsByTagName('*'));
  const shown = element => getComputedStyle(element);
  const bad = document.createElement('i');
  bad.style.color = shown(document.documentElement).getPropertyValue('--bad');
  document.body.append(bad);
  const red = shown(bad).color;
  bad.remove();
  const rects = Array.from(document.querySelectorAll('rect.box'));
  const beside = rect => Array.from(rect.parentNode.children).filter(one => one.localName === 'text');
  const says = rect => beside(rect).map(one => one.textContent).join(' | ');
  const isRed = rect => shown(rect).stroke === red;
  const words = rect => beside(rect).filter(one =>
    shown(one).fill === red && shown(one).fontWeight === '700' && one.textContent.trim() !== '' && one.getBBox().width > 0);
  const lost = rects.filter(rect => rect.classList.contains('lost'));
  return {
    red: red,
    elements: Array.from(new Set(all.map(one => one.localName))),
    attributes: Array.from(new Set(all.flatMap(one => one.getAttributeNames()))),
    scripts: document.scripts.length,
    owned: typeof window.owned,
    boxes: rects.length,
    invisible: rects.filter(rect => rect.getBoundingClientRect().width === 0).length,
    lost: lost.length,
    redBoxes: rects.filter(isRed).length,
    notRed: lost.filter(rect => !isRed(rect)).map(says),
    wordless: rects.filter(rect => isRed(rect) && words(rect).length === 0).map(says),
    tooLong: rects.filter(rect => beside(rect).some(one =>
      one.getBBox().x + one.getBBox().width > rect.getBBox().x + rect.getBBox().width + 0.5)).map(says),
    pods: document.querySelectorAll('g.pod').length,
    unhealthy: document.querySelectorAll('g.pod:not([data-health="Healthy"])').length,
    lostBonds: document.querySelectorAll('g.bond > rect.lost').length,
    bonds: Array.from(document.querySelectorAll('g > title')).filter(one => one.textContent.startsWith('bond ')).length,
    form: !!document.forms[0] && shown(document.forms[0]).display !== 'none',
    count: (document.getElementById('count') || {}).textContent || '',
  };
})()"""

# What somebody does who looks for a pod that is not there, and then for what is not well.
FILTER = """(() => {
  const text = document.getElementById('text'), bad = document.getElementById('bad');
  const count = () => document.getElementById('count').textContent;
  text.value = 'no such pod';
  text.dispatchEvent(new Event('input'));
  const none = count();
  text.value = '';
  bad.click();
  return [none, count()];
})()"""


class Browser:
    """Chromium, told through two pipes what to do."""

    def __init__(self, profile):
        to_it, self.input = os.pipe()
        self.output, from_it = os.pipe()
        # Above those that it expects them at.
        to_it, from_it = (fcntl.fcntl(one, fcntl.F_DUPFD, 10) for one in (to_it, from_it))
        with open(os.path.join(profile, "log"), "w") as log:
            self.process = subprocess.Popen(
                ["bash", "-c", f'exec "$@" 3<&{to_it} 4>&{from_it}', "bash"]
                + ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"]
                + [f"--user-data-dir={profile}/profile", "about:blank"],
                pass_fds=(to_it, from_it),
                stdout=log,
                stderr=log,
            )
        os.close(to_it)
        os.close(from_it)
        self.waiting = b""
        self.number = 0
        self.events = []

    def message(self):
        while b"\0" not in self.waiting:
            more = os.read(self.output, 1 << 20)
            if not more:
                sys.exit("testing/browser: chromium has ended")
            self.waiting += more
        text, _, self.waiting = self.waiting.partition(b"\0")
        return json.loads(text)

    def call(self, method, session=None, **parameters):
        self.number += 1
        call = {"id": self.number, "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        os.write(self.input, json.dumps(call).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.number:
                if "error" in message:
                    sys.exit(f"testing/browser: {method}: {message['error']}")
                return message["result"]
            self.heard(message)

    def heard(self, message):
        # The answer to what is done below.
        if "method" not in message:
            return
        self.events.append((message["method"], message["params"]))
        # Or nothing goes on.
        if message["method"] == "Page.javascriptDialogOpening":
            self.number += 1
            call = {"id": self.number, "method": "Page.handleJavaScriptDialog", "params": {"accept": True}}
            os.write(self.input, json.dumps({**call, "sessionId": message["sessionId"]}).encode() + b"\0")

    def until(self, wanted):
        while not any(wanted(*event) for event in self.events):
            self.heard(self.message())

    def evaluate(self, session, text):
        result = self.call("Runtime.evaluate", session, expression=text, returnByValue=True)
        if "exceptionDetails" in result:
            sys.exit(f"testing/browser: {result['exceptionDetails']}")
        return result["result"]["value"]

    def look(self, path, dark):
        """What a page shows, what its filter makes of it, and what it has done beside that."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in "Page", "Runtime", "Network", "Log":
            self.call(domain + ".enable", session)
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", session, features=features)
        self.events.clear()
        url = "file://" + os.path.abspath(path)
        self.call("Page.navigate", session, url=url)

        def arrives(name, said):
            return name == "Page.frameNavigated" and said["frame"]["url"] == url

        # What came before is of the empty page that was there.
        self.until(arrives)
        while not arrives(*self.events[0]):
            del self.events[0]
        self.until(lambda name, _: name == "Page.loadEventFired")
        seen = self.evaluate(session, LOOK)
        filtered = self.evaluate(session, FILTER) if seen["form"] else []
        # Whatever was to come has come.
        self.evaluate(session, "1")
        did = [
            f"{name} {json.dumps(parameters)[:300]}"
            for name, parameters in self.events
            if name in ("Page.javascriptDialogOpening", "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
            or name == "Network.requestWillBeSent" and parameters["request"]["url"] != url
            or name == "Page.frameNavigated" and parameters["frame"]["url"] != url
        ]
        self.call("Target.closeTarget", targetId=target)
        return seen, filtered, did

    def close(self):
        """With its helpers, which write to the profile up to their end."""
        self.call("Browser.close")
        self.process.wait()


def wrong(page, seen, filtered, did, count, red):
    """What is not as it has to be."""
    kind = "podbond map" if seen["pods"] or seen["form"] else "kubectl bond map"
    shown = seen["pods"] if kind == "podbond map" else seen["bonds"]
    yield from (f"it did: {one}" for one in did)
    for name in set(seen["elements"]) - ELEMENTS[kind]:
        yield f"it has an element {name}"
    for name in set(seen["attributes"]) - ATTRIBUTES:
        yield f"it has an attribute {name}"
    if seen["scripts"] != (kind == "podbond map"):
        yield f"it has {seen['scripts']} scripts"
    if seen["owned"] != "undefined":
        yield "a name ran as a script"
    if seen["invisible"]:
        yield f"{seen['invisible']} of {seen['boxes']} boxes cannot be seen"
    if seen["red"] in ("", "rgb(0, 0, 0)"):
        yield f"red is {seen['red']}"
    if seen["redBoxes"] != seen["lost"]:
        yield f"{seen['redBoxes']} boxes are red instead of {seen['lost']}"
    yield from (f"this is lost and not red: {one}" for one in seen["notRed"])
    yield from (f"this is red and has no word: {one}" for one in seen["wordless"])
    yield from (f"this does not end in its box: {one}" for one in seen["tooLong"])
    if count is not None and shown != count:
        yield f"it shows {shown} instead of {count}"
    if not shown:
        yield "it shows nothing"
    if red and seen["lost"] != red:
        yield f"{seen['lost']} boxes are red instead of {red}"
    if kind == "podbond map":
        if not seen["form"]:
            yield "the filter stays hidden"
        if seen["count"] != f"{shown} of {shown} pods shown":
            yield f"its script says: {seen['count']}"
        if filtered != [f"0 of {shown} pods shown", f"{seen['unhealthy']} of {shown} pods shown"]:
            yield f"its filter says: {filtered}"


def main(scratch, *arguments):
    browser = Browser(scratch)
    # Whatever hangs ends.
    alarm = threading.Timer(240, browser.process.kill)
    alarm.daemon = True
    alarm.start()
    failed = False
    for argument in arguments:
        page, _, expected = argument.partition("=")
        if not os.path.exists(page):
            sys.exit(f"testing/browser: {page} is missing")
        count, red = map(int, expected.split(",")) if expected else (None, None)
        for dark in False, True:
            seen, filtered, did = browser.look(page, dark)
            errors = list(wrong(page, seen, filtered, did, count, red))
            failed = failed or bool(errors)
            for error in errors[:10]:
                print(f"browser: {page}: {error[:300]}", file=sys.stderr)
        print(f"browser: {page} shows {seen['pods'] or seen['bonds']}, {seen['lost']} boxes red")
    browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
