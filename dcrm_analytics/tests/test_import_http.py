"""What the browser asks for: the rejected rows, by those who may have them."""

from odoo.tests import HttpCase, new_test_user, tagged

from .test_import_file import CSV, ImportFileCase


@tagged("post_install", "-at_install")
class TestImportHttp(ImportFileCase, HttpCase):
    def download(self, run, role):
        self.authenticate(f"dcrm_{role}", f"dcrm_{role}")
        url = f"/web/content/dcrm.run/{run.id}/rejected_file?download=true"
        return self.url_open(url)

    def test_rejected_rows_are_downloaded_by_analysts_of_the_company(self):
        run = self.started(self.opened(CSV))
        self.finish(run)
        new_test_user(
            self.env,
            login="dcrm_analyst_b",
            groups="dcrm_analytics.group_dcrm_analyst",
            company_id=self.company_b.id,
            company_ids=self.company_b.ids,
        )
        response = self.download(run, "analyst")
        self.assertEqual(response.status_code, 200)
        self.assertIn(self.reason("not_date"), response.content.decode("utf-8-sig"))
        self.assertIn("attachment", response.headers["Content-Disposition"])
        for role in ("seller_all", "nobody", "portal", "analyst_b"):
            with self.subTest(role):
                response = self.download(run, role)
                self.assertNotEqual(response.status_code, 200)
                self.assertNotIn(b"R1", response.content)
