"""Print the violations of every invariant; run with ``env`` in scope."""

import sys

MOST = 10


def told(violation):
    """Return a violation as a line: its first ids, and how many there are."""
    ids = violation["ids"]
    listed = ", ".join(map(str, ids[:MOST]))
    if len(ids) > MOST:
        listed += f", …: {len(ids)} in all"
    return "{invariant}: {message} ({model} {listed})".format(
        **violation, listed=listed
    )


def main(env):
    """Print what is violated; return whether nothing is."""
    violations = env["dcrm.audit"].run()
    for violation in violations:
        print(told(violation))
    env.cr.rollback()  # an audit changes nothing
    print(f"{len(violations)} violations.", file=sys.stderr)
    return not violations


if __name__ == "__main__":
    sys.exit(0 if main(env) else 1)  # noqa: F821
