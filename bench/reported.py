"""Sets a member of a pod's bond down and up in turn, and says for each time in how many ms after /proc/net/bonding
a reporter has written it into the node's BondNodeState: when the whole request is at the API server, which is made
up. Each change comes after the quiet time in which a reporter forgets the writes before, so that it writes at once.

    reported.py JAVA ACCOUNT BONDING MEMBER POD QUESTIONS CHANGES
"""
import subprocess, sys, time
from apiserver import OPTIONS, ApiServer, start_reporter

LIMIT_SECONDS = 120

java, account, bonding, member, pod, questions, changes = sys.argv[1:]


def java_hash(text):
    value = 0
    for letter in text:
        value = (31 * value + ord(letter)) % (1 << 32)
    return value


# By its name a node waits up to 5 s longer between writes. This one does not.
node = next(
    name for name in (f"node{i}" for i in range(10**6)) if java_hash(name) < 1 << 31 and java_hash(name) % 1000 == 0)


def kernel_says():
    with open(bonding) as file:
        return file.read().split(f"Slave Interface: {member}\n")[1].split("MII Status: ")[1].split("\n")[0]


def says(state):
    return lambda stored: any(
        entry["name"] == member and entry["state"] == state
        for bond in stored.get("status", {}).get("bonds", []) if bond["pod"] == pod for entry in bond["members"])


def await_quiet():
    """Waits until the next change is written at once, and as the first after a quiet time."""
    while time.monotonic() - api.written_at < 2 * api.gap + 1:
        time.sleep(0.5)


api = ApiServer(account)
reporter = start_reporter(java, api, questions, f"{account}/ready.sock", node, OPTIONS.split())


def alive():
    return reporter.poll() is None


try:
    api.await_write(says("up"), LIMIT_SECONDS, alive)
    for change in range(int(changes)):
        state = ("down", "up")[change % 2]
        await_quiet()
        subprocess.run(["ip", "-netns", pod, "link", "set", member, state], check=True)
        began = time.monotonic()
        while kernel_says() != state:
            assert time.monotonic() - began < LIMIT_SECONDS, f"the kernel does not say that {member} is {state}"
            time.sleep(0.001)
        known = time.monotonic()
        at = api.await_write(says(state), LIMIT_SECONDS, alive)
        print(f"{(at - known) * 1000:.1f}", flush=True)
finally:
    reporter.kill()
