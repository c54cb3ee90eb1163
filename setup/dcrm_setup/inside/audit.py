"""Print the violations of every invariant; run with ``env`` in scope."""

import sys

violations = env["dcrm.audit"].run()  # noqa: F821
for violation in violations:
    print("{invariant}: {message} ({model} {ids})".format(**violation))
env.cr.rollback()  # noqa: F821  an audit changes nothing
print(f"{len(violations)} violations.", file=sys.stderr)
sys.exit(1 if violations else 0)
