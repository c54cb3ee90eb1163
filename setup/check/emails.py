"""What becomes of ten thousand e-mails of every sort: none lost, none doubled.

    ./setup/dcrm shell --db NAME setup/check/emails.py [--emails 10000] [--seed 1]

In a company of its own, with two teams that acknowledge e-mails, it hands e-mails to
the gateway, each in a transaction of its own: duplicates, answers by headers and by
number, charsets, files, long and huge parts, broken and unreadable ones, lists,
machines, out-of-office answers, bounces, forged senders; and two bots that answer
whatever they get and say nothing of being bots. Then it compares: each e-mail that
asks something is one message a team, what nobody asked is none, nobody was told twice
that an e-mail has come, the bots came to rest, and the audit finds nothing.

Made by chance from the seed: the same seed makes the same e-mails.
"""

import argparse
import logging
import sys
import time

from odoo.addons.dcrm_service.tests.generated_emails import BOTS, Delivery, Post

STEP = 500


def teams(env):
    """Return the environment of a new company, and the addresses of its two teams."""
    run = time.time_ns()
    domain = env["mail.alias.domain"].create({"name": f"check{run}.example"})
    company = env["res.company"].create(
        {"name": f"E-mails {run}", "alias_domain_id": domain.id}
    )
    env.user.company_ids |= company
    env = env(context=dict(env.context, allowed_company_ids=company.ids))
    made = env["dcrm.ticket.team"].create(
        [
            {
                "name": f"E-mails {number}",
                "company_id": company.id,
                "alias_name": f"check{number}",
                "acknowledges": True,
            }
            for number in (1, 2)
        ]
    )
    # Whom an earlier run told counts no more.
    env["dcrm.automatic.email"].sudo().search([]).unlink()
    env.cr.commit()
    return env, [team.alias_full_name for team in made]


class Settled:
    """Commits after each e-mail, and tells how far it is."""

    def __init__(self, env):
        self.env, self.count, self.began = env, 0, time.monotonic()

    def __call__(self):
        self.env.cr.commit()
        self.count += 1
        if self.count % STEP == 0:
            self.env.invalidate_all()
            pace = self.count / (time.monotonic() - self.began)
            print(
                f"{self.count:,} e-mails, {pace:.1f} a second",
                file=sys.stderr,
                flush=True,
            )


def report(outcome, seconds, violations):
    """Print what came out; return whether something is wrong."""
    sorts = ", ".join(
        f"{name} {count:,}" for name, count in outcome.sorts.most_common()
    )
    told = max(outcome.told.values(), default=0)
    print(
        f"{outcome.delivered:,} e-mails delivered in {seconds:,.0f} s, "
        f"{outcome.distinct:,} of them distinct\n  {sorts}\n"
        f"asked nothing, and made nothing: {outcome.unasked:,}\n"
        f"lost: {len(outcome.lost)} {outcome.lost[:5]}\n"
        f"doubled: {len(outcome.doubled)} {outcome.doubled[:5]}\n"
        f"acknowledged: {len(outcome.told):,} senders, at most {told} time each; "
        f"the bots {[outcome.told[bot] for bot in BOTS]}\n"
        f"errors: {len(outcome.errors)} {outcome.errors[:3]}\n"
        f"audit: {violations}"
    )
    return bool(
        outcome.lost or outcome.doubled or outcome.errors or violations or told > 1
    )


def main(env):
    parser = argparse.ArgumentParser(prog="emails", description=__doc__)
    parser.add_argument("--emails", type=int, default=10_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    options = parser.parse_args()
    logging.getLogger("odoo.addons").setLevel(logging.ERROR)
    env, addresses = teams(env)
    # Names are the run's own, so that a second one finds nothing of the first.
    post = Post(options.emails, options.seed, addresses, f".{time.time_ns()}")
    began = time.monotonic()
    outcome = Delivery(env, post, Settled(env)).run()
    seconds = time.monotonic() - began
    if report(outcome, seconds, env["dcrm.audit"].run()):
        sys.exit("E-mails are not what they should be.")


main(env)  # noqa: F821 - whoever runs the file gives it its environment
